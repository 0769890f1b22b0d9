// Relations: every shape of key, every kind of rule on the parent, the child and the field, disabled operations, odd names.
import { a, defineFunction } from '@aws-amplify/backend';

const fn = defineFunction({ name: 'fn', entry: './handler.ts' });

export default a
  .schema({
    // 1: API key may read the parent, not the child
    PubParent: a.model({ name: a.string(), kids: a.hasMany('PrivKid', 'parentId'), one: a.hasOne('PrivOne', 'parentId') })
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),
    PrivKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('PubParent', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),
    PrivOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('PubParent', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),

    // 2: API key may read the child, not the parent
    PrivParent: a.model({ name: a.string(), kids: a.hasMany('PubKid', 'parentId'), one: a.hasOne('PubOne', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),
    PubKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('PrivParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),
    PubOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('PrivParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),

    // 3: owners on both
    OwnParent: a.model({ name: a.string(), kids: a.hasMany('OwnKid', 'parentId'), one: a.hasOne('OwnOne', 'parentId'), open: a.hasMany('OpenKid', 'parentId') })
      .authorization((allow) => [allow.owner()]),
    OwnKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('OwnParent', 'parentId') })
      .authorization((allow) => [allow.owner(), allow.group('Admins')]),
    OwnOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('OwnParent', 'parentId') })
      .authorization((allow) => [allow.owner()]),
    // 4: owner of the parent, everybody may read the child
    OpenKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('OwnParent', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),

    // 5: a parent that may be listed but not got, got but not listed; by groups
    ListParent: a.model({ name: a.string(), kids: a.hasMany('ListKid', 'parentId') })
      .authorization((allow) => [allow.publicApiKey().to(['list', 'create']), allow.authenticated(), allow.group('Admins').to(['list'])]),
    ListKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('ListParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),
    // only listing of the child is granted to the API key; only getting
    SomeParent: a.model({
        name: a.string(),
        listed: a.hasMany('ListedKid', 'parentId'), got: a.hasMany('GotKid', 'parentId'),
        listedOne: a.hasOne('ListedOne', 'parentId'), gotOne: a.hasOne('GotOne', 'parentId'),
      })
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),
    ListedKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('SomeParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey().to(['list']), allow.authenticated()]),
    GotKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('SomeParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey().to(['get']), allow.authenticated()]),
    ListedOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('SomeParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey().to(['list']), allow.authenticated()]),
    GotOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('SomeParent', 'parentId') })
      .authorization((allow) => [allow.publicApiKey().to(['get']), allow.authenticated()]),

    // 6: groups in fields of the child, static groups on the parent
    GroupParent: a.model({ name: a.string(), kids: a.hasMany('GroupKid', 'parentId') })
      .authorization((allow) => [allow.groups(['Admins', 'Staff'])]),
    GroupKid: a.model({ text: a.string(), team: a.string(), parentId: a.id(), parent: a.belongsTo('GroupParent', 'parentId') })
      .authorization((allow) => [allow.groupDefinedIn('team'), allow.group('Admins'), allow.authenticated().to(['create'])]),

    // 7: rules of the relation itself, of a field of the child, of the foreign key
    FieldParent: a.model({
        name: a.string(),
        kids: a.hasMany('FieldKid', 'parentId').authorization((allow) => [allow.group('Admins')]),
        one: a.hasOne('FieldOne', 'parentId').authorization((allow) => [allow.group('Admins')]),
        free: a.hasMany('SecretKid', 'parentId'),
      })
      .authorization((allow) => [allow.authenticated()]),
    FieldKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('FieldParent', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),
    FieldOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('FieldParent', 'parentId') })
      .authorization((allow) => [allow.authenticated()]),
    SecretKid: a.model({
        text: a.string().authorization((allow) => [allow.owner()]),
        parentId: a.id().authorization((allow) => [allow.owner(), allow.group('Admins')]),
        parent: a.belongsTo('FieldParent', 'parentId'),
      })
      .authorization((allow) => [allow.owner(), allow.authenticated().to(['read'])]),

    // 8: parents without get, one with a custom identifier; a child without list; all queries off
    NoGet: a.model({ name: a.string(), kids: a.hasMany('NoGetKid', 'parentId') })
      .disableOperations(['get']).authorization((allow) => [allow.publicApiKey()]),
    NoGetKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('NoGet', 'parentId') })
      .authorization((allow) => [allow.publicApiKey()]),
    NoGetKey: a.model({ code: a.string().required(), kids: a.hasMany('NoGetKeyKid', 'code') })
      .identifier(['code']).disableOperations(['get']).authorization((allow) => [allow.publicApiKey()]),
    NoGetKeyKid: a.model({ text: a.string(), code: a.string(), parent: a.belongsTo('NoGetKey', 'code') })
      .authorization((allow) => [allow.publicApiKey()]),
    NoQuery: a.model({ name: a.string(), kids: a.hasMany('NoQueryKid', 'parentId') })
      .disableOperations(['queries']).authorization((allow) => [allow.publicApiKey()]),
    NoQueryKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('NoQuery', 'parentId') })
      .authorization((allow) => [allow.publicApiKey()]),
    Plain: a.model({ name: a.string(), kids: a.hasMany('NoListKid', 'parentId'), one: a.hasOne('NoListOne', 'parentId') })
      .authorization((allow) => [allow.publicApiKey()]),
    NoListKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('Plain', 'parentId') })
      .disableOperations(['list']).authorization((allow) => [allow.publicApiKey()]),
    NoListOne: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('Plain', 'parentId') })
      .disableOperations(['queries']).authorization((allow) => [allow.publicApiKey()]),

    // 9: composite keys of two and three parts, of strings that may hold the joiner, of numbers
    Pair: a.model({ one: a.string().required(), two: a.string().required(), kids: a.hasMany('PairKid', ['one', 'two']), kid: a.hasOne('PairOne', ['one', 'two']) })
      .identifier(['one', 'two']).authorization((allow) => [allow.publicApiKey()]),
    PairKid: a.model({ text: a.string(), one: a.string(), two: a.string(), parent: a.belongsTo('Pair', ['one', 'two']) })
      .authorization((allow) => [allow.publicApiKey()]),
    PairOne: a.model({ text: a.string(), one: a.string(), two: a.string(), parent: a.belongsTo('Pair', ['one', 'two']) })
      .authorization((allow) => [allow.publicApiKey()]),
    Triple: a.model({ one: a.string().required(), two: a.string().required(), three: a.string().required(), kids: a.hasMany('TripleKid', ['one', 'two', 'three']) })
      .identifier(['one', 'two', 'three']).authorization((allow) => [allow.publicApiKey()]),
    TripleKid: a.model({ text: a.string(), one: a.string(), two: a.string(), three: a.string(), parent: a.belongsTo('Triple', ['one', 'two', 'three']) })
      .authorization((allow) => [allow.publicApiKey()]),
    Spot: a.model({ venue: a.id().required(), at: a.datetime().required(), n: a.integer().required(), kids: a.hasMany('SpotKid', ['venue', 'at', 'n']) })
      .identifier(['venue', 'at', 'n']).authorization((allow) => [allow.publicApiKey()]),
    SpotKid: a.model({ text: a.string(), venue: a.id(), at: a.datetime(), n: a.integer(), parent: a.belongsTo('Spot', ['venue', 'at', 'n']) })
      .authorization((allow) => [allow.publicApiKey()]),
    NumPair: a.model({ one: a.integer().required(), two: a.integer().required(), kids: a.hasMany('NumKid', ['one', 'two']) })
      .identifier(['one', 'two']).authorization((allow) => [allow.publicApiKey()]),
    NumKid: a.model({ text: a.string(), one: a.integer(), two: a.integer(), parent: a.belongsTo('NumPair', ['one', 'two']) })
      .authorization((allow) => [allow.publicApiKey()]),

    // 10: a child with an identifier of its own, a foreign key that is part of it, a secondary index on the foreign key
    Shop: a.model({ name: a.string(), lines: a.hasMany('Line', 'shopId'), dated: a.hasMany('Dated', 'shopId') })
      .authorization((allow) => [allow.publicApiKey()]),
    Line: a.model({ shopId: a.id().required(), number: a.integer().required(), text: a.string(), shop: a.belongsTo('Shop', 'shopId') })
      .identifier(['shopId', 'number']).authorization((allow) => [allow.publicApiKey()]),
    Dated: a.model({ shopId: a.id(), on: a.date(), text: a.string(), shop: a.belongsTo('Shop', 'shopId') })
      .secondaryIndexes((index) => [index('shopId').sortKeys(['on']).queryField('datedByShop')])
      .authorization((allow) => [allow.publicApiKey()]),

    Counted: a.model({ n: a.integer().required(), kids: a.hasMany('IntKid', 'n'), one: a.hasOne('IntOne', 'n') })
      .identifier(['n']).authorization((allow) => [allow.publicApiKey()]),
    IntKid: a.model({ text: a.string(), n: a.integer(), parent: a.belongsTo('Counted', 'n') }).authorization((allow) => [allow.publicApiKey()]),
    IntOne: a.model({ text: a.string(), n: a.integer(), parent: a.belongsTo('Counted', 'n') }).authorization((allow) => [allow.publicApiKey()]),
    TsPair: a.model({ s: a.string().required(), t: a.timestamp().required(), kids: a.hasMany('TsKid', ['s', 't']), one: a.hasOne('TsOne', ['s', 't']) })
      .identifier(['s', 't']).authorization((allow) => [allow.publicApiKey()]),
    TsKid: a.model({ text: a.string(), s: a.string(), t: a.timestamp(), parent: a.belongsTo('TsPair', ['s', 't']) }).authorization((allow) => [allow.publicApiKey()]),
    TsOne: a.model({ text: a.string(), s: a.string(), t: a.timestamp(), parent: a.belongsTo('TsPair', ['s', 't']) }).authorization((allow) => [allow.publicApiKey()]),
    FloatPair: a.model({ s: a.string().required(), f: a.float().required(), kids: a.hasMany('FloatKid', ['s', 'f']) })
      .identifier(['s', 'f']).authorization((allow) => [allow.publicApiKey()]),
    FloatKid: a.model({ text: a.string(), s: a.string(), f: a.float(), parent: a.belongsTo('FloatPair', ['s', 'f']) }).authorization((allow) => [allow.publicApiKey()]),
    FloatTriple: a.model({ s: a.string().required(), f: a.float().required(), g: a.integer().required(), kids: a.hasMany('FloatTripleKid', ['s', 'f', 'g']) })
      .identifier(['s', 'f', 'g']).authorization((allow) => [allow.publicApiKey()]),
    FloatTripleKid: a.model({ text: a.string(), s: a.string(), f: a.float(), g: a.integer(), parent: a.belongsTo('FloatTriple', ['s', 'f', 'g']) }).authorization((allow) => [allow.publicApiKey()]),
    DatePair: a.model({ s: a.id().required(), d: a.date().required(), kids: a.hasMany('DateKid', ['s', 'd']), one: a.hasOne('DateOne', ['s', 'd']) })
      .identifier(['s', 'd']).authorization((allow) => [allow.publicApiKey()]),
    DateKid: a.model({ text: a.string(), s: a.id(), d: a.date(), parent: a.belongsTo('DatePair', ['s', 'd']) }).authorization((allow) => [allow.publicApiKey()]),
    DateOne: a.model({ text: a.string(), s: a.id(), d: a.date(), parent: a.belongsTo('DatePair', ['s', 'd']) }).authorization((allow) => [allow.publicApiKey()]),
    MixParent: a.model({ name: a.string(), kids: a.hasMany('MixKid', 'parentId'), one: a.hasOne('MixOne', 'parentId') }).authorization((allow) => [allow.authenticated()]),
    MixKid: a.model({ text: a.string(), writer: a.string(), viewer: a.string(), parentId: a.id(), parent: a.belongsTo('MixParent', 'parentId') })
      .authorization((allow) => [allow.ownerDefinedIn('writer').to(['get']), allow.ownerDefinedIn('viewer').to(['list'])]),
    MixOne: a.model({ text: a.string(), writer: a.string(), viewer: a.string(), parentId: a.id(), parent: a.belongsTo('MixParent', 'parentId') })
      .authorization((allow) => [allow.ownerDefinedIn('writer').to(['get']), allow.ownerDefinedIn('viewer').to(['list'])]),
    // an owner's field with a rule of its own on the foreign key's model; the identifier may not be read
    LockParent: a.model({ code: a.string().required(), name: a.string().authorization((allow) => [allow.group('Admins')]), kids: a.hasMany('LockKid', 'code') })
      .identifier(['code']).authorization((allow) => [allow.authenticated()]),
    LockKid: a.model({ text: a.string(), code: a.string(), parent: a.belongsTo('LockParent', 'code') }).authorization((allow) => [allow.authenticated()]),
    // every caller by identity pool and lambda
    AnyParent: a.model({ name: a.string(), kids: a.hasMany('AnyKid', 'parentId') }).authorization((allow) => [allow.guest(), allow.authenticated('identityPool')]),
    AnyKid: a.model({ text: a.string(), parentId: a.id(), parent: a.belongsTo('AnyParent', 'parentId') }).authorization((allow) => [allow.guest().to(['get']), allow.publicApiKey()]),
    // names that are awkward
    userProfile: a.model({ name: a.string(), kids: a.hasMany('userThing', 'profileId') }).authorization((allow) => [allow.publicApiKey()]),
    userThing: a.model({ text: a.string(), profileId: a.id(), profile: a.belongsTo('userProfile', 'profileId') }).authorization((allow) => [allow.publicApiKey()]),
  })
  .authorization((allow) => [allow.resource(fn).to(['query', 'mutate'])]);
