// Bundles the client of SSM, which functions find beside them: the managed runtime brings it. usage: node sdk.mjs FOLDER
import fs from 'node:fs';
import esbuild from 'esbuild';

const folder = `${process.argv[2]}/node_modules/@aws-sdk/client-ssm`;
await esbuild.build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['@aws-sdk/client-ssm'],
  outfile: `${folder}/index.mjs`,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'], // starts faster than what the client has for Node.js
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'error',
});
fs.writeFileSync(`${folder}/package.json`, '{"main": "index.mjs"}');
