// Says what graphql-js found as AppSync (graphql-java) says it.

const PARSED = { AWSDate: 'date', AWSDateTime: 'DateTime', AWSTime: 'time', AWSJSON: 'JSON', AWSEmail: 'email', AWSURL: 'URL' };

export function worded(body, schema) {
  if (body.errorMessage) {
    const message = `Validation error of type InvalidSyntax: ${body.errorMessage}`;
    return { data: null, errors: [{ path: null, locations: null, message }] };
  }
  return body.errors ? { ...body, errors: body.errors.map((error) => ('errorType' in error ? resolved(error) : validated(error, schema))) } : body;
}

// an error of a resolver
function resolved(error) {
  const locations = error.locations?.map((location) => ({ ...location, sourceName: null }));
  const hidden = error.errorType === 'Unauthorized' ? { data: null, errorInfo: null } : {};
  return { ...error, ...hidden, ...(locations && { locations }) };
}

function validated({ message, path = null, locations = null, ...rest }, schema) {
  for (const [pattern, say] of SAYINGS) {
    const found = message.match(pattern);
    if (found) return { ...rest, path, locations: placed(pattern === NULL ? null : locations), message: say(found, { path, schema }) };
  }
  return { ...rest, path, locations: placed(locations), message };
}

const placed = (locations) => locations && locations.map(({ line, column }) => ({ line, column, sourceName: null }));

const NULL = /^Cannot return null for non-nullable field (\w+)\.(\w+)/;
const SAYINGS = [
  [
    /^Cannot query field "(.+?)" on type "(.+?)"/,
    ([, field, type]) => `Validation error of type FieldUndefined: Field '${field}' in type '${type}' is undefined @ '${field}'`,
  ],
  [
    NULL,
    ([, parent, field], { path, schema }) => {
      const type = schema.getType(parent)?.getFields()[field]?.type?.ofType?.name ?? 'List';
      const where = path.join('/').replace(/\/(\d+)(?=\/|$)/g, '[$1]');
      return `Cannot return null for non-nullable type: '${type}' within parent '${parent}' (/${where})`;
    },
  ],
  [
    /^Variable "\$(\w+)" of required type "(.+?)" was not provided/,
    ([, name, type]) => `Variable '${name}' has coerced Null value for NonNull type '${type}'`,
  ],
  [
    /^Variable "\$(\w+)" got invalid value .*Field "\w+" of required type "(.+?)" was not provided/s,
    ([, name, type]) => `Variable '${name}' has coerced Null value for NonNull type '${type}'`,
  ],
  [
    /^Variable "\$\w+" got invalid value .*; Field "\w+" is not defined by type "(\w+)"/s,
    ([, type]) => `The variables input contains a field that is not defined for input object type '${type}' `,
  ],
  [
    /^Variable "\$(\w+)" got invalid value (.*?)(?: at ".*?")?; (.*)$/s,
    ([, name, value, why]) => {
      const parsed = PARSED[why.match(/Expected type "(\w+)"/)?.[1]];
      const detail = parsed ? `Unable to parse \`${value.replace(/^"|"$/g, '')}\` as a valid ${parsed}.` : why;
      return `Variable '${name}' has an invalid value. ${detail}`;
    },
  ],
];
