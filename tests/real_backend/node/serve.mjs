// Serves the Data APIs that Amplify generates for schemas, and prints one JSON line when they answer. Ends with its input.
// node serve.mjs [--dynamodb http://…] [--functions http://…] SCHEMA…
//   SCHEMA       a name in schemas/, the path of a module whose default export is an a.schema(), or of a synthesised app's cdk.out
//   --dynamodb   another DynamoDB than DynamoDB Local, such as moto's
//   --functions  answers custom operations: events are posted to <this>/<schema>, as to AWS Lambda
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options, positionals: schemas } = parseArgs({
  allowPositionals: true,
  options: { dynamodb: { type: 'string' }, functions: { type: 'string' } },
});
if (!schemas.length) throw new Error('usage: node serve.mjs [--dynamodb http://…] [--functions http://…] SCHEMA…');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
console.log = () => {}; // the simulator's talk: the ready line is all that stdout gets

const { startDynamoDb, Tables } = await import('./dynamodb.mjs');
const starting = options.dynamodb ?? startDynamoDb(); // while the schemas are synthesised
const { startAppSync } = await import('./appsync.mjs');
const { readApi } = await import('./assembly.mjs');
const { startFront } = await import('./front.mjs');
const { REGION } = await import('./template.mjs');

function synthesisedBefore(assembly, apiId) {
  const objects = fs.readdirSync(assembly).map((name) => path.join(assembly, name, 'modelIntrospectionSchema.json'));
  const introspection = JSON.parse(fs.readFileSync(objects.find(fs.existsSync), 'utf8'));
  return { ...readApi(assembly, apiId), introspection };
}

async function synthesised(file, apiId) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'real-backend-'));
  try {
    const { synthesise } = await import('./synthesis.mjs');
    const { default: schema } = await import(file);
    const introspection = JSON.parse(synthesise(schema, folder));
    return { ...readApi(folder, apiId), introspection };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function serve(given) {
  const name = path.basename(given, '.mjs');
  const file = given.endsWith('.mjs') ? pathToFileURL(given) : new URL(`schemas/${given}.mjs`, import.meta.url);
  const apiId = `${name.replace(/\W/g, '')}${crypto.randomBytes(8).toString('hex')}`;
  const api = fs.existsSync(path.join(given, 'manifest.json')) ? synthesisedBefore(given, apiId) : await synthesised(file, apiId);
  const endpoint = await starting;
  const tables = new Tables(api.tables, endpoint);
  await tables.create();
  const apiKey = `da2-${crypto.randomBytes(13).toString('hex')}`;
  const [id, secret] = [`AKIA${crypto.randomBytes(8).toString('hex').toUpperCase()}`, crypto.randomBytes(20).toString('hex')];
  const functions = options.functions && `${options.functions}/${name}`;
  const appsync = await startAppSync(api, { apiKey, endpoint, functions });
  const { introspection } = api;
  const url = await startFront({ appsync, apiKey, keys: { [id]: secret }, introspection, tables });
  return [name, { url, apiKey, environment: environment(url, id, secret) }];
}

const environment = (url, id, secret) => ({
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: id,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_ENDPOINT_URL_S3: url,
  AMPLIFY_DATA_DEFAULT_NAME: 'amplifyData',
  AMPLIFY_DATA_GRAPHQL_ENDPOINT: `${url}/graphql`,
  AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME: 'bucket',
  AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY: 'modelIntrospectionSchema.json',
});

const backends = {};
for (const given of schemas) {
  const [name, backend] = await serve(given);
  backends[name] = backend;
}
process.stdout.write(`${JSON.stringify({ backends, dynamodb: await starting })}\n`);
