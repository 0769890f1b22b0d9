// Compiles schemas into what the tests hold the library against: the API's schema and the model introspection.
// node compile.mjs [--into FOLDER] SCHEMA…
//   --into       the folder that gets a folder for each of them: tests/data/schemas, if there is none
//   SCHEMA       a name in schemas/
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readApi } from './assembly.mjs';
import { synthesise } from './synthesis.mjs';

const data = path.join(import.meta.dirname, '..', '..', 'data', 'schemas');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { into: { type: 'string', default: data } } });
for (const name of positionals) {
  const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-'));
  try {
    const { default: schema } = await import(`./schemas/${name}.mjs`);
    const introspection = JSON.parse(synthesise(schema, assembly));
    const folder = path.join(values.into, name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'model-introspection.json'), JSON.stringify(introspection, null, 1) + '\n');
    fs.writeFileSync(path.join(folder, 'appsync.graphql'), readApi(assembly, 'compiled').schema.trim() + '\n');
  } finally {
    fs.rmSync(assembly, { recursive: true });
  }
}
