// Synthesises a schema (an `a.schema()`) with Amplify's own construct, as a deployment does.
import { App, Duration, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { AmplifyData, AmplifyDataDefinition } from '@aws-amplify/data-construct';
import generator from '@aws-amplify/graphql-generator';

const TABLES = { dbType: 'DYNAMODB', provisionStrategy: 'AMPLIFY_TABLE' };
const DATABASES = { dynamodb: 'DYNAMODB', mysql: 'MYSQL', postgresql: 'POSTGRES' };

// Where a schema keeps its items: tables, or the database that `configure({ database })` names.
function dataSource(schema) {
  const { engine, identifier } = schema.data.configuration.database;
  if (engine === 'dynamodb') return TABLES;
  return { name: identifier, dbType: DATABASES[engine], dbConnectionConfig: { connectionUriSsmPath: '/made/up' } };
}

// Writes the cloud assembly into the folder, and gives the model introspection.
export function synthesise(schema, folder) {
  const { warn } = console;
  console.warn = () => {}; // the transformer's advice on authorization rules
  try {
    return assemble(schema, folder);
  } finally {
    console.warn = warn;
  }
}

function assemble(schema, folder) {
  const { schema: sdl, functionSlots, lambdaFunctions } = schema.transform();
  const { dataSourceStrategies } = AmplifyDataDefinition.fromString(sdl, dataSource(schema));
  const definition = AmplifyDataDefinition.combine([{ schema: sdl, functionSlots, dataSourceStrategies }]);
  const app = new App({ outdir: folder, analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, 'Stack');
  const named = (name) => Function.fromFunctionName(stack, `Function-${name}`, name);
  new AmplifyData(stack, 'amplifyData', {
    apiName: 'amplifyData',
    definition,
    functionNameMap: Object.fromEntries(Object.keys(lambdaFunctions).map((name) => [name, named(name)])),
    authorizationModes: authorizationModes(stack, named('authorizer')),
    translationBehavior: { sandboxModeEnabled: false, allowDestructiveGraphqlSchemaUpdates: true },
  });
  app.synth();
  return generator.generateModelsSync({ schema: definition.schema, target: 'introspection' })['model-introspection.json'];
}

// every mode, so that a schema may have any rule
function authorizationModes(stack, authorizer) {
  const role = (name) => new Role(stack, name, { assumedBy: new ServicePrincipal('cognito-identity.amazonaws.com') });
  return {
    defaultAuthorizationMode: 'AMAZON_COGNITO_USER_POOLS',
    userPoolConfig: { userPool: new UserPool(stack, 'Pool') },
    apiKeyConfig: { expires: Duration.days(7) },
    iamConfig: { enableIamAuthorizationMode: true },
    identityPoolConfig: {
      identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000000',
      authenticatedUserRole: role('Authenticated'),
      unauthenticatedUserRole: role('Guest'),
    },
    oidcConfig: {
      oidcProviderName: 'local',
      oidcIssuerUrl: 'https://oidc.local',
      tokenExpiryFromAuth: Duration.hours(1),
      tokenExpiryFromIssue: Duration.hours(1),
    },
    lambdaConfig: { function: authorizer, ttl: Duration.minutes(5) },
  };
}
