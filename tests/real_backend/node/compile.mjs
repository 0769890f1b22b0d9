// Compiles schemas into what the tests hold the library against: the API's schema and the model introspection.
// node compile.mjs SCHEMA…      writes tests/data/schemas/SCHEMA; a SCHEMA is a name in schemas/
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readApi } from './assembly.mjs';
import { synthesise } from './synthesis.mjs';

const data = path.join(import.meta.dirname, '..', '..', 'data', 'schemas');
for (const name of process.argv.slice(2)) {
  const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-'));
  try {
    const { default: schema } = await import(`./schemas/${name}.mjs`);
    const introspection = JSON.parse(synthesise(schema, assembly));
    const folder = path.join(data, name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'model-introspection.json'), JSON.stringify(introspection, null, 1) + '\n');
    fs.writeFileSync(path.join(folder, 'appsync.graphql'), readApi(assembly, 'compiled').schema.trim() + '\n');
  } finally {
    fs.rmSync(assembly, { recursive: true });
  }
}
