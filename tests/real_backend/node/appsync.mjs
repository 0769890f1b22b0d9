// Amplify's AppSync simulator with the resolvers of an API, unchanged, on DynamoDB.
import { correctLoader } from './corrections/loader.mjs';
import { correctSubscriptions } from './corrections/subscriptions.mjs';
import { correctUtilities, ROLE } from './corrections/utilities.mjs';
import { access } from './dynamodb.mjs';
import { invoke } from './functions.mjs';
import { own, simulator } from './simulator.mjs';
import { ACCOUNT } from './template.mjs';

const { AmplifyAppSyncSimulator } = simulator();
const { parse } = own('graphql');
const STAND_IN = 'standIn';

correctUtilities();
correctLoader();

// api: what readApi gives; functions: the address that answers custom operations. Gives the simulator and its port.
export async function startAppSync(api, { apiKey, endpoint, functions }) {
  const simulated = new AmplifyAppSyncSimulator();
  const templates = new Map();
  const stored = (name, { request, response }) => {
    templates.set(`${name}.request`, request).set(`${name}.response`, response);
    return { requestMappingTemplateLocation: `${name}.request`, responseMappingTemplateLocation: `${name}.response` };
  };
  const all = withStandIns(api);
  simulated.init({
    schema: { content: api.schema, path: 'schema.graphql' },
    dataSources: dataSources(api.dataSources, endpoint, invoke(functions)),
    functions: all.functions.map(({ id, dataSource, ...code }) => ({ name: id, dataSourceName: dataSource, ...stored(id, code) })),
    resolvers: all.resolvers.map(({ kind, typeName, fieldName, functions: names, dataSource, ...code }) => {
      return { kind, typeName, fieldName, functions: names, dataSourceName: dataSource, ...stored(`${typeName}.${fieldName}`, code) };
    }),
    mappingTemplates: [...templates].map(([path, content]) => ({ path, content })),
    tables: [],
    appSync: settings(api.settings, apiKey),
  });
  correctSubscriptions(simulated);
  return { schema: simulated.schema, port: await listening(simulated._server) };
}

// not its own start(), which listens beyond this machine
async function listening({ _httpServer: server, _realTimeSubscriptionServer: subscriptions }) {
  await subscriptions.start();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

const dataSources = (found, endpoint, run) => [
  ...found.map(({ Name: name, Type: type, DynamoDBConfig }) => {
    if (type === 'AMAZON_DYNAMODB') return { name, type, config: { ...access(endpoint), tableName: DynamoDBConfig.TableName } };
    return type === 'AWS_LAMBDA' ? { name, type, invoke: run } : { name, type: 'NONE' };
  }),
  { name: STAND_IN, type: 'AWS_LAMBDA', invoke: run },
];

// The simulator runs no JavaScript: what `a.handler.custom()` and generations do is left to a function, behind the
// steps of the same pipeline that are VTL.
function withStandIns({ schema, resolvers, functions }) {
  const isVtl = new Set(functions.filter(({ request }) => request !== undefined).map(({ id }) => id));
  const runs = ({ request, functions: steps }) => request !== undefined && steps.every((id) => isVtl.has(id));
  const found = new Map(resolvers.map((resolver) => [`${resolver.typeName}.${resolver.fieldName}`, resolver]));
  const missing = rootFields(schema).filter(([typeName, fieldName]) => {
    const resolver = found.get(`${typeName}.${fieldName}`);
    return !(resolver && runs(resolver));
  });
  const steps = (typeName, fieldName) => (found.get(`${typeName}.${fieldName}`)?.functions ?? []).filter((id) => isVtl.has(id));
  return {
    functions: [...functions.filter(({ id }) => isVtl.has(id)), ...missing.map(standIn)],
    resolvers: [
      ...resolvers.filter(runs),
      ...missing.map(([typeName, fieldName]) => ({
        kind: 'PIPELINE',
        typeName,
        fieldName,
        functions: [...steps(typeName, fieldName), `${STAND_IN}.${fieldName}`],
        request: '$util.toJson({})',
        response: '$util.toJson($ctx.prev.result)',
      })),
    ],
  };
}

const rootFields = (schema) =>
  parse(schema)
    .definitions.filter(({ name }) => ['Query', 'Mutation'].includes(name?.value))
    .flatMap(({ name, fields }) => fields.map((field) => [name.value, field.name.value]));

function standIn([typeName, fieldName]) {
  const event = `{"typeName": "${typeName}", "fieldName": "${fieldName}", "arguments": $util.toJson($ctx.args), "identity": $util.toJson($ctx.identity)}`;
  return {
    id: `${STAND_IN}.${fieldName}`,
    dataSource: STAND_IN,
    request: `{"version": "2018-05-29", "operation": "Invoke", "payload": ${event}}`,
    response: '#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end$util.toJson($ctx.result)',
  };
}

const settings = ({ Name, AdditionalAuthenticationProviders = [], ...main }, apiKey) => ({
  name: Name,
  apiKey,
  accountId: ACCOUNT,
  authRoleName: 'assumed-role/authRole/CognitoIdentityCredentials',
  unAuthRoleName: ROLE,
  defaultAuthenticationType: mode(main),
  additionalAuthenticationProviders: AdditionalAuthenticationProviders.map(mode),
});

const mode = ({ AuthenticationType: authenticationType, UserPoolConfig, OpenIDConnectConfig: openIDConnectConfig }) => ({
  authenticationType,
  ...(UserPoolConfig && { cognitoUserPoolConfig: {} }),
  ...(openIDConnectConfig && { openIDConnectConfig }),
});
