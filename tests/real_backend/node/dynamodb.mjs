// DynamoDB Local (its jar is in amplify-dynamodb-simulator), and the tables of an API in it or in another emulator.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { written } from './corrections/loader.mjs';
import { own } from './simulator.mjs';
import { REGION } from './template.mjs';

const { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient, ScanCommand } = own('@aws-sdk/client-dynamodb');
const { unmarshall } = own('@aws-sdk/util-dynamodb');
const PACKAGE = createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json');

export const access = (endpoint) => ({
  endpoint,
  region: REGION,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

// Starts the jar, in memory; it ends with this process. Gives its address.
export async function startDynamoDb() {
  const port = await freePort();
  const options = ['-Xmx512m', '-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  const java = spawn('java', [...options, '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)], {
    cwd: path.join(path.dirname(PACKAGE), 'emulator'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let ended = null;
  java.on('error', (error) => (ended = error.message));
  java.on('exit', (code, signal) => (ended = `it ended with ${code ?? signal}`));
  process.on('exit', () => java.kill('SIGKILL'));
  while (!(await listens(port))) {
    if (ended) throw new Error(`DynamoDB Local did not start (it needs Java 17 or later): ${ended}`);
    await wait(50);
  }
  return `http://127.0.0.1:${port}`;
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const listens = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

export class Tables {
  constructor(tables, endpoint) {
    this.tables = new Map(tables.map((table) => [table.tableName, table]));
    this.client = new DynamoDBClient(access(endpoint));
  }

  async create() {
    await Promise.all([...this.tables.values()].map((table) => this.client.send(new CreateTableCommand(definition(table)))));
  }

  async items(model) {
    const name = [...this.tables.keys()].find((name) => name.startsWith(`${model}-`));
    return name && (await this.read(name)).map((item) => unmarshall(item));
  }

  async empty() {
    const names = [...this.tables.keys()].filter((name) => written.delete(name));
    await Promise.all(names.map((name) => this.emptyTable(name)));
  }

  async emptyTable(name) {
    const keys = this.tables.get(name).keySchema.map(({ attributeName }) => attributeName);
    const identifiers = (await this.read(name)).map((item) => Object.fromEntries(keys.map((key) => [key, item[key]])));
    for (let from = 0; from < identifiers.length; from += 25) {
      const requests = identifiers.slice(from, from + 25).map((Key) => ({ DeleteRequest: { Key } }));
      await this.client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
    }
  }

  async read(TableName) {
    const items = [];
    let ExclusiveStartKey;
    do {
      const page = await this.client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
      items.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }
}

// Amplify's custom resource has the properties of CreateTable in camel case
function definition({ tableName, attributeDefinitions, keySchema, globalSecondaryIndexes = [], localSecondaryIndexes = [] }) {
  const indexes = globalSecondaryIndexes.map(({ provisionedThroughput, ...index }) => index);
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: capitalised(attributeDefinitions),
    KeySchema: capitalised(keySchema),
    ...(indexes.length && { GlobalSecondaryIndexes: capitalised(indexes) }),
    ...(localSecondaryIndexes.length && { LocalSecondaryIndexes: capitalised(localSecondaryIndexes) }),
  };
}

function capitalised(value) {
  if (Array.isArray(value)) return value.map(capitalised);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key[0].toUpperCase() + key.slice(1), capitalised(item)]));
}
