// A stand-in for AppSync: writes down what comes, says what is invalid about it, and answers something that fits.
import * as http from 'node:http';
import { buildSchema, coerceInputValue, isAbstractType, isEnumType, isListType, isNonNullType, isObjectType, parse, print, typeFromAST, validate } from 'graphql';

const SCALARS = ['AWSDate', 'AWSTime', 'AWSDateTime', 'AWSTimestamp', 'AWSEmail', 'AWSJSON', 'AWSPhone', 'AWSURL', 'AWSIPAddress'];
const SAMPLES = {
  ID: (name, n) => `${name}-${n}`,
  String: (name, n) => `${name} ${n}`,
  Int: (name, n) => n,
  Float: (name, n) => n + 0.5,
  Boolean: (name, n) => n % 2 === 1,
  AWSDate: (name, n) => `2024-03-0${n}`,
  AWSTime: (name, n) => `10:00:0${n}.000Z`,
  AWSDateTime: (name, n) => `2024-03-0${n}T10:00:00.000Z`,
  AWSTimestamp: (name, n) => 1700000000 + n,
  AWSEmail: (name, n) => `user${n}@example.com`,
  AWSJSON: (name, n) => JSON.stringify({ [name]: n }),
  AWSPhone: (name, n) => `+1555000000${n}`,
  AWSURL: (name, n) => `https://example.com/${n}`,
  AWSIPAddress: (name, n) => `10.0.0.${n}`,
};
// what Node's fetch adds by itself is not the client's doing
const OF_FETCH = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node', 'accept-encoding': 'gzip, deflate' };
const DROPPED = ['host', 'connection', 'content-length'];
const VOLATILE = ['x-amz-date', 'date'];

/** Makes up a reply that fits a document: the first of everything is 1, the second 2. */
function madeUp(schema, document) {
  const fragments = Object.fromEntries(document.definitions.filter((one) => one.kind === 'FragmentDefinition').map((one) => [one.name.value, one]));
  const operation = document.definitions.find((one) => one.kind === 'OperationDefinition');
  const fieldsOf = (selected) =>
    selected.selections.flatMap((one) => {
      if (one.kind === 'Field') return [one];
      return fieldsOf(one.kind === 'InlineFragment' ? one.selectionSet : fragments[one.name.value].selectionSet);
    });
  const valueOf = (type, field, n) => {
    if (isNonNullType(type)) return valueOf(type.ofType, field, n);
    if (isListType(type)) return [1, 2].map((i) => valueOf(type.ofType, field, i));
    if (isAbstractType(type)) return objectOf(schema.getPossibleTypes(type)[0] ?? type, field.selectionSet, n);
    if (isObjectType(type)) return objectOf(type, field.selectionSet, n);
    if (isEnumType(type)) return type.getValues()[(n - 1) % type.getValues().length].value;
    if (field.name.value === 'bytes') return type.name === 'String' ? 'iVBORw0KGgo=' : n;
    return (SAMPLES[type.name] ?? SAMPLES.String)(field.name.value, n);
  };
  const objectOf = (type, selected, n) =>
    Object.fromEntries(
      fieldsOf(selected).map((field) => {
        const name = field.name.value;
        const isToken = name === 'nextToken' && 'items' in type.getFields() && /Connection$/.test(type.name);
        const value = name === '__typename' ? type.name : isToken ? null : valueOf(type.getFields()[name].type, field, n);
        return [field.alias?.value ?? name, value];
      }),
    );
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
  return { data: objectOf(roots[operation.operation], operation.selectionSet, 1) };
}

/** Why the API's schema refuses a request. */
function problems(schema, document, variables) {
  const found = validate(schema, document).map((error) => error.message);
  if (found.length) return found;
  const operation = document.definitions.find((one) => one.kind === 'OperationDefinition');
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (variables?.[name] !== undefined) {
      coerceInputValue(variables[name], type, (trail, _, error) => found.push(`Variable "$${[name, ...trail].join('.')}": ${error.message}`));
    } else if (isNonNullType(type)) found.push(`Variable "$${name}" of required type "${type}" was not provided.`);
  }
  return found;
}

function shownHeaders(headers) {
  const shown = {};
  for (const [name, text] of Object.entries(headers).sort()) {
    if (DROPPED.includes(name) || OF_FETCH[name] === text) continue;
    if (name === 'authorization' && text.startsWith('AWS4-HMAC-SHA256 ')) {
      const parts = Object.fromEntries(text.slice('AWS4-HMAC-SHA256 '.length).split(', ').map((part) => part.split('=', 2)));
      shown[name] = { sigv4: { credential: parts.Credential.replace(/\/\d{8}\//, '/<date>/'), signedHeaders: parts.SignedHeaders.split(';') } };
    } else shown[name] = VOLATILE.includes(name) ? { volatile: true } : text;
  }
  return shown;
}

export class StandIn {
  exchanges = [];
  #answers = ['fitting'];

  async start() {
    this.server = http.createServer((request, response) => this.#answer(request, response));
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.host = `127.0.0.1:${this.server.address().port}`;
    const closed = http.createServer();
    await new Promise((done) => closed.listen(0, '127.0.0.1', done));
    this.closedHost = `127.0.0.1:${closed.address().port}`;
    await new Promise((done) => closed.close(done));
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  use(sdl) {
    this.schema = buildSchema(`${SCALARS.map((name) => `scalar ${name}`).join('\n')}\n${sdl}`, { assumeValidSDL: true });
  }

  /** The replies to come: undefined for fitting ones; the last answers all further requests. */
  answerWith(replies) {
    this.#answers = replies === undefined ? ['fitting'] : Array.isArray(replies) ? [...replies] : [replies];
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const sent = { method: request.method, path: request.url, headers: shownHeaders(request.headers) };
    const exchange = { request: sent };
    this.exchanges.push(exchange);
    const document = this.#read(text, sent);
    let reply = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (reply === 'fitting') {
      const refusals = sent.invalid?.map((message) => ({ path: null, locations: [{ line: 1, column: 1, sourceName: null }], message: `Validation error: ${message}` }));
      reply = { body: refusals ? { data: null, errors: refusals } : madeUp(this.schema, document) };
    }
    reply = { status: 200, ...reply };
    exchange.response = reply;
    if (reply.hang) return;
    if (reply.drop) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json;charset=UTF-8', ...reply.headers });
    response.end(reply.text ?? JSON.stringify(reply.body));
  }

  #read(text, sent) {
    try {
      const body = JSON.parse(text);
      sent.bodyKeys = Object.keys(body);
      sent.query = body.query;
      sent.variables = body.variables;
      const document = parse(body.query);
      if (print(document).trim() !== body.query.trim()) sent.normalisedQuery = print(document).trim();
      const found = problems(this.schema, document, body.variables);
      if (found.length) sent.invalid = found;
      return document;
    } catch (error) {
      sent.bodyText = text;
      sent.invalid = [String(error.message)];
      return undefined;
    }
  }
}
