// $util, $extensions and the identity of IAM callers, where the simulator's are not AppSync's.
import { own, simulator } from '../simulator.mjs';
import { ACCOUNT } from '../template.mjs';
import { expression } from './expressions.mjs';

const { convertToAttr } = own('@aws-sdk/util-dynamodb');
const { Unauthorized } = simulator('velocity/util/errors');
const { map } = simulator('velocity/value-mapper/mapper');
export const ROLE = 'assumed-role/lambdaRole/fn';

const plain = (value) => value?.toJSON?.() ?? value;

export function correctUtilities() {
  const { dynamodbUtils } = simulator('velocity/util/dynamodb-utils');
  const { generalUtils } = simulator('velocity/util/general-utils');
  const { mapUtils } = simulator('velocity/util/map-utils');
  const { transformUtils } = simulator('velocity/util/transform');
  const { VelocityTemplate } = simulator('velocity');
  const { JavaArray } = simulator('velocity/value-mapper/array');

  // the simulator stores "" as NULL
  dynamodbUtils.toDynamoDB = (value) => convertToAttr(plain(value) ?? null, { removeUndefinedValues: true });
  const written = (filter) => JSON.stringify(expression(plain(filter), dynamodbUtils.toDynamoDB));
  transformUtils.toDynamoDBFilterExpression = written;
  transformUtils.toDynamoDBConditionExpression = written;
  transformUtils.toSubscriptionFilter = plain;

  // the simulator reads the keys as pairs, and retains nothing
  mapUtils.copyAndRetainAllKeys = (from, keys) => {
    const wanted = keys.toJSON();
    return map(Object.fromEntries(Object.entries(from.toJSON()).filter(([key]) => wanted.includes(key))));
  };

  // the simulator makes an empty string of a missing default, and takes its own wrapped empty string for a value
  generalUtils.defaultIfNull = (value, otherwise = null) => value ?? otherwise;
  generalUtils.defaultIfNullOrBlank = (value, otherwise) => (String(value ?? '').trim() ? value : otherwise);

  // AppSync names the field's own type here; a refusal by a directive names the parent's
  generalUtils.unauthorized = function unauthorized() {
    const type = String(this.info.returnType).replace(/[[\]!]/g, '');
    const refusal = new Unauthorized(`Not Authorized to access ${this.info.fieldName} on type ${type}`, this.info);
    Object.assign(refusal.extensions, { data: null, errorInfo: null });
    this.errors.push(refusal);
    throw refusal;
  };

  // Velocity passes over a method that there is not; Amplify's templates put() into lists of owners
  JavaArray.prototype.put = () => '';

  // the simulator gives the text of `#return($util.toJson(…))`, not its value
  const render = VelocityTemplate.prototype.render;
  VelocityTemplate.prototype.render = function renderAsAppSync(...given) {
    const found = render.apply(this, given);
    return found.isReturn && typeof found.result === 'string' ? { ...found, result: JSON.parse(found.result) } : found;
  };

  const build = VelocityTemplate.prototype.buildRenderContext;
  VelocityTemplate.prototype.buildRenderContext = function buildRenderContext(values, request, info) {
    // subscriptions come without the token that an IAM identity is made from
    if (request.requestAuthorizationMode === 'AWS_IAM') {
      request.iamToken ??= { username: 'fn', userArn: `arn:aws:sts::${ACCOUNT}:${ROLE}` };
    }
    const setSubscriptionFilter = (filter) => {
      request.subscriptionFilter = plain(filter);
      return '';
    };
    return Object.assign(build.call(this, values, request, info), { extensions: { setSubscriptionFilter } });
  };
}
