import type { secret } from '@aws-amplify/backend';
import type { Stack } from 'aws-cdk-lib';
import type { CfnParameter } from 'aws-cdk-lib/aws-ssm';

type SsmReference = ReturnType<typeof secret>;
type FunctionResource = { addEnvironment: (name: string, value: string | SsmReference) => void };

/**
 * Gives functions that Amplify does not bundle itself (Python, …) the configuration of the data client, as Node.js
 * functions get it from `allow.resource(fn)`: the names of SSM parameters in AMPLIFY_SSM_ENV_CONFIG, and the permission
 * to read them. The names are plain strings, so the function's stack never refers to the data stack.
 */
export const connectData = (data: { stack: Stack }, ...functions: FunctionResource[]) => {
  const parameters = data.stack.node.children.filter(({ node }) => /^AMPLIFY_DATA\w*Parameter$/.test(node.id));
  if (parameters.length !== 4) {
    throw new Error(`connectData found ${parameters.length} of the 4 parameters that defineData makes; give it backend.data.`);
  }
  for (const { node } of parameters) {
    const path = (node.defaultChild as CfnParameter).name!;
    const reference: SsmReference = {
      resolvePath: () => ({ branchSecretPath: path, sharedSecretPath: path }),
      resolve: () => {
        throw new Error('only available at runtime');
      },
    };
    for (const fn of functions) fn.addEnvironment(node.id.replace(/Parameter$/, ''), reference);
  }
};
