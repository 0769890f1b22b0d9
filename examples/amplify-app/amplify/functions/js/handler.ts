// The same as functions/py/code/index.py, as Amplify's documentation has it: to compare with, and measured in the benchmark.
import { getAmplifyDataClientConfig } from '@aws-amplify/backend/function/runtime';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/data';
import { env } from '$amplify/env/js';
import type { Schema } from '../../data/resource';

const { resourceConfig, libraryOptions } = await getAmplifyDataClientConfig(env);
Amplify.configure(resourceConfig, libraryOptions);

const client = generateClient<Schema>();

export const handler = async () => {
  const created = await client.models.Todo.create({ name: 'My new todo', description: 'Todo description', isDone: false });
  const todos = await client.models.Todo.list();
  return { id: created.data?.id, all: todos.data };
};
