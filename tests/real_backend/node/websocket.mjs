// AppSync's WebSocket: credentials come with the connection and with each `start`; the rest is the simulator's.
import { WebSocket, WebSocketServer } from 'ws';
import { MESSAGES } from './sigv4.mjs';

const { OPEN } = WebSocket;
const say = (socket, message) => socket.send(JSON.stringify(message));
const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const refused = (type) => ({ payload: { errors: [{ errorType: 'UnauthorizedException', message: MESSAGES[type], errorCode: 400 }] } });

// refusal: of signed headers and a body, or null
export function serveSockets(server, port, refusal) {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'graphql-ws' });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      const header = credentials(request);
      const problem = refusal(lower(JSON.parse(header)), '{}', '/graphql/connect');
      if (problem) client.on('message', () => client.close(say(client, { type: 'connection_error', ...refused(problem) })));
      else relay(client, connect(port, header), refusal);
    }),
  );
}

// in the query (?header=<base64>), or in the list of sub-protocols (header-<base64url>)
function credentials({ headers, url }) {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const listed = protocols.find((name) => name.startsWith('header-'))?.slice('header-'.length);
  return Buffer.from(listed ?? new URL(url, 'ws://localhost').searchParams.get('header') ?? 'e30=', 'base64').toString();
}

function connect(port, header) {
  const query = new URLSearchParams({ header: Buffer.from(header).toString('base64'), payload: 'e30=' });
  return new WebSocket(`ws://127.0.0.1:${port}/graphql/realtime?${query}`, 'graphql-ws');
}

function relay(client, simulator, refusal) {
  const waiting = [];
  client.on('message', (data) => {
    const { type, id, payload } = JSON.parse(data);
    const problem = type === 'start' && refusal(lower(payload.extensions?.authorization ?? {}), payload.data, '/graphql');
    if (problem) say(client, { id, type: 'error', ...refused(problem) });
    else if (simulator.readyState === OPEN) simulator.send(String(data));
    else waiting.push(String(data));
  });
  simulator.on('open', () => waiting.forEach((data) => simulator.send(data)));
  simulator.on('message', (data) => {
    const message = JSON.parse(data);
    say(client, message.type === 'connection_ack' ? { ...message, payload: { connectionTimeoutMs: 300000 } } : message);
  });
  simulator.on('close', () => client.close()).on('error', () => client.close());
  client.on('close', () => simulator.close());
}
