// Every shape of a key that a table of a SQL database can have, and relations between them.
import { a, secret } from '@aws-amplify/backend';
import { configure } from '@aws-amplify/data-schema/internals';

const database = { identifier: 'shop', engine: 'postgresql', connectionUri: secret('SQL_URI') };

export default configure({ database })
  .schema({
    Status: a.enum(['OPEN', 'PAID', 'SENT']),
    Address: a.customType({ street: a.string().required(), city: a.string() }),

    // integers that the database makes (SERIAL); with a relation beside it, what Amplify compiles is no valid schema
    counters: a.model({ counter_id: a.integer().required().default(), label: a.string() }).identifier(['counter_id']),
    events: a.model({ id: a.integer().required().default(), at: a.datetime(), level: a.integer() }).identifier(['id']),

    // an integer
    customers: a
      .model({
        customer_id: a.integer().required(),
        name: a.string().required(),
        rating: a.float(),
        joined: a.date(),
        tags: a.string().array(),
        extra: a.json(),
        orders: a.hasMany('orders', 'customer_id'),
        profile: a.hasOne('profiles', 'customer_id'),
      })
      .identifier(['customer_id']),

    // an integer called id, and a foreign key
    orders: a
      .model({
        id: a.integer().required(),
        customer_id: a.integer().required(),
        status: a.ref('Status'),
        ship_to: a.ref('Address'),
        placed_at: a.datetime(),
        customer: a.belongsTo('customers', 'customer_id'),
        lines: a.hasMany('order_lines', 'order_id'),
      })
      .identifier(['id']),

    // two parts: a foreign key and a number
    order_lines: a
      .model({
        order_id: a.integer().required(),
        line_no: a.integer().required(),
        sku: a.string(),
        amount: a.integer(),
        order: a.belongsTo('orders', 'order_id'),
        product: a.belongsTo('products', 'sku'),
      })
      .identifier(['order_id', 'line_no']),

    // a text
    products: a
      .model({ sku: a.string().required(), title: a.string(), price: a.float(), lines: a.hasMany('order_lines', 'sku') })
      .identifier(['sku']),

    // a uuid, in a column of type uuid
    profiles: a
      .model({
        profile_id: a.id().required(),
        customer_id: a.integer(),
        bio: a.string(),
        customer: a.belongsTo('customers', 'customer_id'),
      })
      .identifier(['profile_id']),

    // a natural key of several parts, of several types
    prices: a
      .model({
        region: a.string().required(),
        sku: a.string().required(),
        valid_from: a.date().required(),
        amount: a.float(),
      })
      .identifier(['region', 'sku', 'valid_from']),

    // `id` as it is written by default
    notes: a.model({ id: a.id().required(), body: a.string() }).identifier(['id']),
    tickets: a.model({ id: a.string().required(), body: a.string() }).identifier(['id']),
  })
  .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]);
