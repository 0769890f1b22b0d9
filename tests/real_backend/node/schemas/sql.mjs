// Tables of a PostgreSQL database as Amplify's documentation has them: text, integer and composite keys, a relation.
import { a, defineFunction, secret } from '@aws-amplify/backend';
import { configure } from '@aws-amplify/data-schema/internals';
const worker = defineFunction({ name: 'worker', entry: './handler.ts' });
export default configure({ database: { identifier: 'ID1', engine: 'postgresql', connectionUri: secret('SQL_URI') } })
.schema({
  users: a.model({ user_id: a.string().required(), first_name: a.string(), age: a.integer(), tags: a.string().array() }).identifier(['user_id']),
  serial: a.model({ id: a.integer().required(), name: a.string(), created: a.datetime(), posts: a.hasMany('note', 'serial_id') }).identifier(['id']),
  note: a.model({ id: a.integer().required(), serial_id: a.integer(), body: a.string(), owner_of: a.belongsTo('serial', 'serial_id') }).identifier(['id']),
  pair: a.model({ a_id: a.integer().required(), b_id: a.string().required(), note: a.string() }).identifier(['a_id', 'b_id']),
}).authorization((allow) => [allow.publicApiKey(), allow.resource(worker)]);
