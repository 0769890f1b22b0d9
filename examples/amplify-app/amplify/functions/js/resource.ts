import { defineFunction } from '@aws-amplify/backend';

export const jsFunction = defineFunction({ name: 'js', entry: './handler.ts', timeoutSeconds: 10 });
