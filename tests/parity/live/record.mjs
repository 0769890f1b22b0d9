// Records what the JavaScript client sends and returns: node record.mjs FOLDER-OF-SCHEMAS FOLDER-TO-WRITE
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/data';
import { decode, encode, reach } from './notation.mjs';
import { StandIn } from './stand-in.mjs';

const [schemas, written] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const CREDENTIALS = { accessKeyId: 'test-access-key-id', secretAccessKey: 'test-secret-access-key', sessionToken: 'test-session-token' };
const region = 'eu-west-1';
const standIn = new StandIn();
await standIn.start();
const endpoint = `http://${standIn.host}/graphql`;

function configure(modelIntrospection, testCase) {
  const settings = {
    endpoint: testCase.refuse ? `http://${standIn.closedHost}/graphql` : endpoint,
    region,
    defaultAuthMode: 'iam',
    modelIntrospection,
    ...testCase.config,
  };
  for (const key of Object.keys(settings)) if (settings[key]?.$undefined) delete settings[key];
  if (settings.customEndpoint === '<endpoint>') settings.customEndpoint = endpoint;
  const hasKeys = testCase.auth?.credentials !== null;
  const library = {
    Auth: {
      credentialsProvider: {
        getCredentialsAndIdentityId: async () => (hasKeys ? { credentials: CREDENTIALS } : undefined),
        clearCredentialsAndIdentityId: () => {},
      },
    },
  };
  if (testCase.auth?.token) {
    const token = { toString: () => testCase.auth.token, payload: { exp: 4102444800 } };
    library.Auth.tokenProvider = { getTokens: async () => ({ accessToken: token, idToken: token }) };
  }
  if (testCase.library) library.API = { GraphQL: { headers: async () => testCase.library.headers } };
  Amplify.configure({ API: { GraphQL: settings } }, library);
}

async function runStep(client, results, step) {
  const first = standIn.exchanges.length;
  const headerCalls = [];
  const args = (step.args ?? []).map((argument) => decode(argument, headerCalls, results));
  const entry = { call: {} };
  if (step.on) entry.call.on = step.on;
  entry.call.path = step.path;
  if (step.args) entry.call.args = step.args;
  if (step.cancel) entry.cancel = step.cancel;
  standIn.answerWith(step.respond);
  try {
    const root = step.on ? reach(results[step.on.step], step.on.at) : client;
    const owner = reach(root, step.path.slice(0, -1));
    const member = owner?.[step.path.at(-1)];
    if (typeof member !== 'function') {
      entry.missing = true;
      entry.http = [];
      results.push(undefined);
      return entry;
    }
    const pending = member.apply(owner, args);
    if (step.cancel) {
      setTimeout(() => {
        entry.cancelled = client.cancel(pending, step.cancel.message);
      }, step.cancel.afterMs);
    }
    const result = await pending;
    results.push(result);
    entry.returned = encode(result);
  } catch (error) {
    results.push(undefined);
    entry.threw = encode(error);
    if (step.cancel) entry.isCancelError = client.isCancelError(error);
  }
  if (headerCalls.length) entry.headerFunctionCalls = encode(headerCalls);
  entry.http = standIn.exchanges.slice(first);
  return entry;
}

async function runCase(modelIntrospection, testCase) {
  const recorded = { name: testCase.name };
  for (const key of ['about', 'config', 'auth', 'library', 'refuse', 'client']) {
    if (testCase[key] !== undefined) recorded[key] = testCase[key];
  }
  standIn.exchanges = [];
  configure(modelIntrospection, testCase);
  const calls = [];
  recorded.steps = [];
  let client;
  try {
    const options = testCase.client ? decode(testCase.client, calls) : undefined;
    if (options?.endpoint === '<endpoint>') options.endpoint = endpoint;
    client = options ? generateClient(options) : generateClient();
  } catch (error) {
    recorded.generateClientThrew = encode(error);
    return recorded;
  }
  const results = [];
  for (const step of testCase.steps ?? [testCase]) recorded.steps.push(await runStep(client, results, step));
  if (calls.length) recorded.clientHeaderFunctionCalls = encode(calls);
  return recorded;
}

const scrub = (text) => text.replaceAll(standIn.host, '<host>').replaceAll(standIn.closedHost, '<closed host>');
const versions = Object.fromEntries(
  ['aws-amplify', '@aws-amplify/core', '@aws-amplify/api-graphql', '@aws-amplify/data-schema', 'graphql'].map((name) => [
    name,
    JSON.parse(fs.readFileSync(path.join(here, 'node_modules', name, 'package.json'), 'utf8')).version,
  ]),
);
fs.mkdirSync(written, { recursive: true });
for (const file of fs.readdirSync(path.join(here, 'cases')).sort()) {
  const name = path.basename(file, '.mjs');
  const { default: cases, schema = name } = await import(pathToFileURL(path.join(here, 'cases', file)));
  const introspection = JSON.parse(fs.readFileSync(path.join(schemas, schema, 'model-introspection.json'), 'utf8'));
  standIn.use(fs.readFileSync(path.join(schemas, schema, 'appsync.graphql'), 'utf8'));
  const recorded = [];
  for (const testCase of cases) recorded.push(await runCase(introspection, testCase));
  const text = JSON.stringify({ schema, region, versions, cases: recorded }, null, 1);
  fs.writeFileSync(path.join(written, `${name}.json`), `${scrub(text)}\n`);
}
standIn.stop();
