// Subscriptions: AppSync filters what it sends, and sends the attributes that the mutation selected.
import { AsyncLocalStorage } from 'node:async_hooks';
import { own } from '../simulator.mjs';

const { withFilter } = own('graphql-subscriptions');

// api: an initialised simulator
export function correctSubscriptions(api) {
  for (const [name, field] of fieldsOf(api.schema.getSubscriptionType())) field.subscribe = subscribe(api, name);
  const mutation = new AsyncLocalStorage();
  for (const [, field] of fieldsOf(api.schema.getMutationType())) {
    const { resolve } = field;
    field.resolve = (source, args, context, info) => mutation.run(info, () => resolve(source, args, context, info));
  }
  const publish = api.pubsub.publish.bind(api.pubsub);
  api.pubsub.publish = (name, payload) => publish(name, payload && selected(payload, mutation.getStore()));
}

const fieldsOf = (type) => Object.entries(type?.getFields() ?? {});

const subscribe = (api, name) => (source, args, context, info) => {
  if (context.appsyncErrors?.length) throw new Error('Subscription failed');
  const { filter = {}, ...equal } = args;
  const wanted = (payload) =>
    payload != null &&
    matches(context.subscriptionFilter ?? filter ?? {}, payload) &&
    Object.entries(equal).every(([key, value]) => payload[key] === value);
  return withFilter(() => api.pubsub.asyncIterator(name), wanted)(source, args, context, info);
};

function selected(payload, { fieldNodes, fragments }) {
  const names = ({ selections }) =>
    selections.flatMap((one) => (one.kind === 'Field' ? one.name.value : names((fragments[one.name?.value] ?? one).selectionSet)));
  const wanted = fieldNodes.flatMap(({ selectionSet }) => (selectionSet ? names(selectionSet) : []));
  if (!wanted.length) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([key]) => wanted.includes(key)));
}

const OPERATORS = {
  eq: (found, value) => found === value,
  ne: (found, value) => found !== value,
  lt: (found, value) => found < value,
  le: (found, value) => found <= value,
  gt: (found, value) => found > value,
  ge: (found, value) => found >= value,
  between: (found, [low, high]) => found >= low && found <= high,
  contains: (found, part) => found?.includes?.(part) ?? false,
  notContains: (found, part) => !(found?.includes?.(part) ?? false),
  beginsWith: (found, start) => found?.startsWith?.(start) ?? false,
  in: (found, list) => list.includes(found),
  notIn: (found, list) => !list.includes(found),
};

function matches(filter, item) {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === 'and') return condition.every((one) => matches(one, item));
    if (key === 'or') return condition.some((one) => matches(one, item));
    if (key === 'not') return !matches(condition, item);
    return Object.entries(condition).every(([operator, value]) => OPERATORS[operator](item[key], value));
  });
}
