import { type ClientSchema, a, defineData } from '@aws-amplify/backend';
import { jsFunction } from '../functions/js/resource';
import { pyFunction } from '../functions/py/resource';

const schema = a
  .schema({
    Todo: a
      .model({ name: a.string(), description: a.string(), isDone: a.boolean() })
      .authorization((allow) => [allow.guest()]),
  })
  .authorization((allow) => [allow.resource(pyFunction), allow.resource(jsFunction)]);

export type Schema = ClientSchema<typeof schema>;

export const data = defineData({
  schema,
  authorizationModes: { defaultAuthorizationMode: 'identityPool' },
});
