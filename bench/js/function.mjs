// The handler of Amplify's documentation (configuration at module scope), its first create, and what the argument asks to measure.
import fs from 'node:fs';
import { getAmplifyDataClientConfig } from '@aws-amplify/backend/function/runtime';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/data';

const { resourceConfig, libraryOptions } = await getAmplifyDataClientConfig(process.env);
Amplify.configure(resourceConfig, libraryOptions);
const client = generateClient();
const todo = { name: 'My new todo', description: 'Todo description', isDone: false };
const create = () => client.models.Todo.create(todo);

const first = await create();
if (!first.data?.id) throw new Error(JSON.stringify(first));
const { user, system } = process.cpuUsage();
fs.writeSync(1, 'first\n');
say('cpu', (user + system) / 1e3);
say('memory', peak());

function say(name, value) {
  fs.writeSync(1, `${JSON.stringify([name, value])}\n`);
}
function peak() {
  return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf-8'))[1]) / 1024;
}
async function sequence(name, count, call) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  say(name, times.sort((a, b) => a - b)[count >> 1]);
}
async function crowd(name, workers, count) {
  let left = count;
  const start = performance.now();
  const work = async () => {
    while (left-- > 0) await create();
  };
  await Promise.all(Array.from({ length: workers }, work));
  say(name, (count / (performance.now() - start)) * 1e3);
}
const list = (limit) => async () => {
  const { data } = await client.models.Todo.list({ limit });
  if (data.length !== limit) throw new Error(`${data.length} of ${limit}`);
};

const [mode, count] = [process.argv[2], Number(process.argv[3])];
if (mode === 'warm') {
  await sequence('warm-up', 2000, create); // of V8: before it the figures do not stand still
  await sequence('create', count, create);
  await sequence('list 100', count / 4, list(100));
  await sequence('list 1000', count / 20, list(1000));
} else if (mode === 'crowd') {
  await sequence('warm-up', 2000, create);
  for (const workers of [1, 10, 50]) await crowd(`crowd of ${workers}`, workers, count * 2);
} else if (mode === 'many') {
  const items = Array.from({ length: count }, (_, i) => ({ ...todo, name: `Todo ${i}` }));
  const start = performance.now();
  await Promise.all(items.map((item) => client.models.Todo.create(item)));
  say('all at once', (performance.now() - start) / 1e3);
}
if (mode !== 'cold') say('memory', peak());
process.exit(0);
