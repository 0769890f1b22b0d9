// The simulator's way to DynamoDB: empty expressions, bad tokens and errors as AppSync has them.
import crypto from 'node:crypto';
import { simulator } from '../simulator.mjs';

// the tables that may have items, so that emptying need not read the others
export const written = new Set();

export function correctLoader() {
  const { DynamoDBDataLoader } = simulator('data-loader/dynamo-db');
  const { load, scan } = DynamoDBDataLoader.prototype;

  DynamoDBDataLoader.prototype.load = async function loadAsAppSync(payload) {
    withoutEmptyValues(payload.condition, 'expressionValues');
    withoutEmptyValues(payload.filter, 'expressionValues');
    if (payload.nextToken) checkToken(payload.nextToken);
    if (payload.operation === 'PutItem' || payload.operation === 'UpdateItem') written.add(this.tableName);
    try {
      return await load.call(this, payload);
    } catch (error) {
      if (error.$metadata) error.message = worded(error);
      throw error;
    }
  };

  // only scans send values that are empty
  DynamoDBDataLoader.prototype.scan = function scanAsAppSync(payload) {
    const { client } = this;
    const send = (command) => client.send((withoutEmptyValues(command.input, 'ExpressionAttributeValues'), command));
    return scan.call(Object.assign(Object.create(this), { client: { send } }), payload);
  };
}

function withoutEmptyValues(holder, name) {
  if (holder?.[name] && !Object.keys(holder[name]).length) delete holder[name];
}

function checkToken(token) {
  try {
    JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    throw Object.assign(new Error('Invalid pagination token given.'), { extensions: { errorType: 'BadRequestException' } });
  }
}

function worded({ message, $metadata }) {
  const request = crypto.randomBytes(26).toString('hex').toUpperCase();
  const details = `Service: DynamoDb, Status Code: ${$metadata.httpStatusCode}, Request ID: ${request}`;
  return `${message.replace(/\.$/, '')} (${details})`;
}
