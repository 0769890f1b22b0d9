// What an app may have: relations, secondary indexes, a composite identifier, owners, a custom query.
import { a, defineFunction } from '@aws-amplify/backend';

const pyFunction = defineFunction({ name: 'py', entry: './handler.ts' });
const nodeFunction = defineFunction({ name: 'nodefn', entry: './handler.ts' });

export default a
  .schema({
    Todo: a
      .model({
        content: a.string().required(),
        isDone: a.boolean(),
        priority: a.enum(['low', 'medium', 'high']),
        status: a.string(),
        dueAt: a.datetime(),
        dueOn: a.date(),
        meta: a.json(),
        link: a.url(),
        contact: a.email(),
        tags: a.string().array(),
        score: a.float(),
        rank: a.integer(),
        location: a.customType({ lat: a.float(), long: a.float() }),
        listId: a.id(),
        list: a.belongsTo('TodoList', 'listId'),
      })
      .secondaryIndexes((index) => [
        index('listId').sortKeys(['dueAt']).queryField('todosByListAndDue'),
        index('status').sortKeys(['priority', 'rank']),
      ])
      .authorization((allow) => [allow.publicApiKey()]),

    TodoList: a
      .model({
        name: a.string().required(),
        todos: a.hasMany('Todo', 'listId'),
        profile: a.hasOne('ListProfile', 'listId'),
      })
      .authorization((allow) => [allow.publicApiKey()]),

    ListProfile: a
      .model({
        listId: a.id(),
        list: a.belongsTo('TodoList', 'listId'),
        color: a.string(),
      })
      .authorization((allow) => [allow.publicApiKey()]),

    // composite identifier
    Order: a
      .model({
        customerId: a.id().required(),
        status: a.string().required(),
        createdOn: a.date().required(),
        total: a.float(),
      })
      .identifier(['customerId', 'status', 'createdOn'])
      .authorization((allow) => [allow.publicApiKey()]),

    // owner based
    Note: a
      .model({ text: a.string(), secret: a.string().authorization((allow) => [allow.owner()]) })
      .authorization((allow) => [allow.owner(), allow.authenticated().to(['read'])]),

    echo: a
      .query()
      .arguments({ text: a.string().required() })
      .returns(a.string())
      .authorization((allow) => [allow.publicApiKey()])
      .handler(a.handler.function(nodeFunction)),
  })
  .authorization((allow) => [
    allow.resource(pyFunction).to(['query', 'mutate', 'listen']),
    allow.resource(nodeFunction),
  ]);
