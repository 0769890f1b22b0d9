import { defineFunction } from '@aws-amplify/backend';
import { Duration } from 'aws-cdk-lib';
import { Architecture, Code, Function, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';

// the layer's zip is for this runtime on this architecture
const runtime = Runtime.PYTHON_3_12;
const architecture = Architecture.X86_64;

const folder = 'amplify/functions/py'; // from the project's folder, where ampx runs

export const pyFunction = defineFunction((scope) => {
  const dataClient = new LayerVersion(scope, 'data-client', {
    code: Code.fromAsset(`${folder}/amplify-data-client-${runtime.name}-${architecture.name}.zip`),
    compatibleRuntimes: [runtime],
    compatibleArchitectures: [architecture],
  });
  return new Function(scope, 'py', {
    runtime,
    architecture,
    handler: 'index.handler',
    code: Code.fromAsset(`${folder}/code`, { exclude: ['**/__pycache__'] }),
    layers: [dataClient],
    memorySize: 512, // what Amplify gives Node.js functions; CDK's 128 MB come with little CPU
    timeout: Duration.seconds(10),
    environment: { LOG_LEVEL: 'INFO' },
  });
});
