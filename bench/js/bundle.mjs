// Bundles a function as Amplify bundles a function: the settings of its factory and of CDK's NodejsFunction, with the banner
// and the shim that the installed @aws-amplify/backend-function has. usage: node bundle.mjs ENTRY OUTPUT
import fs from 'node:fs';
import { createRequire } from 'node:module';
import esbuild from 'esbuild';

const require = createRequire(import.meta.url);
const shims = new URL('lambda-shims/', `file://${require.resolve('@aws-amplify/backend-function')}`);
const banner = ['resolve_ssm_params.js', 'invoke_ssm_shim.js']
  .flatMap((name) => fs.readFileSync(new URL(name, shims), 'utf-8').split(/\r?\n/))
  .map((line) => line.replace(/\/\/.*$/, ''))
  .join('');
await esbuild.build({
  absWorkingDir: import.meta.dirname,
  entryPoints: [process.argv[2]],
  outfile: process.argv[3],
  bundle: true,
  minify: true,
  sourcemap: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  loader: { '.node': 'file' },
  nodePaths: ['node_modules'], // for an entry elsewhere
  alias: {
    '@aws-amplify/backend/function/runtime': '@aws-amplify/backend-function/runtime', // all that is exported there
    '$amplify/env/js': './environment.mjs',
  },
  banner: { js: banner },
  inject: [new URL('cjs_shim.js', shims).pathname],
  logLevel: 'error',
});
