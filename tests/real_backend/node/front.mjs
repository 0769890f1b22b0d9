// What AppSync does before and after resolvers: refusals, signatures, wording; and S3, where functions find the introspection.
// Beside them, for the tests: GET /items/<Model> gives what is stored, DELETE /items empties the tables.
import http from 'node:http';
import { MESSAGES, refusal as signatureRefusal } from './sigv4.mjs';
import { serveSockets } from './websocket.mjs';
import { worded } from './wording.mjs';

const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };

// Gives the URL. appsync: what startAppSync gives; keys: secrets by access key
export async function startFront({ appsync, apiKey, keys, introspection, tables }) {
  const refusal = (headers, body, path) =>
    headers.authorization?.startsWith('AWS4-') ? signatureRefusal({ path, headers, body }, keys) : null;

  async function graphql({ headers }, body) {
    const { authorization, 'x-api-key': key } = headers;
    if (!key && !authorization) return refused(401, 'UnauthorizedException', 'Valid authorization header not provided.');
    if (key && key !== apiKey) return refused(401, 'UnauthorizedException', 'You are not authorized to make this call.');
    const problem = refusal(headers, body, '/graphql');
    if (problem) return refused(403, problem, MESSAGES[problem]);
    if (!body.length) return refused(400, 'MalformedHttpRequestException', 'Request body is empty.');
    if (!hasQuery(body)) return refused(400, 'MalformedHttpRequestException', 'Unable to parse GraphQL query.');
    const answer = await fetch(`http://127.0.0.1:${appsync.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'x-api-key': key }), ...(authorization && { authorization }) },
      body,
    });
    return [answer.status, worded(await answer.json(), appsync.schema)];
  }

  function object({ headers }, path) {
    return signatureRefusal({ method: 'GET', path, headers, body: '', service: 's3' }, keys) ? [403] : [200, introspection];
  }

  async function answer(request, body) {
    const [path] = request.url.split('?');
    const [, first, second] = path.split('/');
    if (path === '/graphql') return graphql(request, body);
    if (path === '/items' && request.method === 'DELETE') return [200, await tables.empty()];
    if (first === 'items' && request.method === 'GET') return [200, await tables.items(second)];
    if (second === 'modelIntrospectionSchema.json' && request.method === 'GET') return object(request, path);
    return refused(404, 'UnknownOperationException', `${request.method} ${path} is not answered here`);
  }

  const server = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    const [status, body = null, headers] = await answer(request, Buffer.concat(chunks)).catch(({ stack }) => [500, stack]);
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
  });
  serveSockets(server, appsync.port, refusal);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const refused = (status, errorType, message) => [status, { errors: [{ errorType, message }] }, { 'x-amzn-errortype': errorType }];

function hasQuery(body) {
  try {
    return typeof JSON.parse(body).query === 'string';
  } catch {
    return false;
  }
}
