// Makes the calls of a scenario with the JavaScript client, and prints their outcomes as JSON:
// node beside.mjs ENDPOINT REGION INTROSPECTION-FILE < scenario.json (the keys come from the environment)
import * as fs from 'node:fs';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/data';
import { decode, encode, reach } from './notation.mjs';

const [endpoint, region, introspection] = process.argv.slice(2);
const env = process.env;
const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY, sessionToken: env.AWS_SESSION_TOKEN };
const token = { toString: () => env.TOKEN, payload: { exp: 4102444800 } };
let current = 0;
Amplify.configure(
  { API: { GraphQL: { endpoint, region, defaultAuthMode: 'iam', apiKey: env.API_KEY, modelIntrospection: JSON.parse(fs.readFileSync(introspection, 'utf8')) } } },
  {
    API: { GraphQL: { headers: async () => ({ 'x-step': String(current) }) } },
    Auth: { tokenProvider: { getTokens: async () => ({ accessToken: token, idToken: token }) }, credentialsProvider: { getCredentialsAndIdentityId: async () => ({ credentials }), clearCredentialsAndIdentityId: () => {} } },
  },
);
const client = generateClient();
const results = [];
const outcomes = [];
for (const step of JSON.parse(fs.readFileSync(0, 'utf8'))) {
  const root = step.on ? reach(results[step.on.step], step.on.at) : client;
  const owner = reach(root, step.path.slice(0, -1));
  try {
    const result = await owner[step.path.at(-1)](...(step.args ?? []).map((argument) => decode(argument, [], results)));
    results.push(result);
    outcomes.push({ returned: encode(result) });
  } catch (error) {
    results.push(undefined);
    outcomes.push({ threw: encode(error) });
  }
  current += 1;
}
console.log(JSON.stringify(outcomes));
