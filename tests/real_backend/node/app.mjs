// Synthesises the Amplify app of the current folder without AWS, as `ampx` does: with its context for CDK.
// usage: CDK_OUTDIR=… npx tsx app.mjs sandbox|branch
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const context = {
  sandbox: { 'amplify-backend-namespace': 'sample-app', 'amplify-backend-name': 'me', 'amplify-backend-type': 'sandbox' },
  branch: { 'amplify-backend-namespace': 'd1a2b3c4e5f6g7', 'amplify-backend-name': 'main', 'amplify-backend-type': 'branch' },
}[process.argv[2]];
process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
await import(pathToFileURL(path.resolve('amplify/backend.ts')));
process.emit('message', 'amplifySynth');
