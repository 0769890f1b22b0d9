// JavaScript values as JSON, and back: what JSON has not is an object with one key that begins with "$".
const ERROR_PARTS = ['recoverySuggestion', 'underlyingError', 'originalError', 'errors', 'data', '$metadata', 'response', 'extensions', 'path', 'locations'];

/** Follows a path into a value. */
export const reach = (value, at) => at.reduce((inner, key) => inner?.[key], value);

/** Makes an argument of a call; `calls` collects what functions for headers are called with. */
export function decode(value, calls, results) {
  if (Array.isArray(value)) return value.map((item) => decode(item, calls, results));
  if (value === null || typeof value !== 'object') return value;
  if ('$undefined' in value) return undefined;
  if ('$date' in value) return new Date(value.$date);
  if ('$bytes' in value) return new Uint8Array(Buffer.from(value.$bytes, 'base64'));
  if ('$number' in value) return Number(value.$number);
  if ('$result' in value) return reach(results[value.$result.step], value.$result.at);
  if ('$headers' in value) {
    return async (about) => {
      calls.push(about);
      return value.$headers;
    };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, calls, results)]));
}

/** Writes an outcome down. */
export function encode(value, above = []) {
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'function') return { $function: true };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (above.includes(value)) return { $cycle: true };
  const inside = [...above, value];
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Error) return { $error: encodeError(value, inside) };
  if (Array.isArray(value)) return value.map((item) => encode(item, inside));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, inside)]));
}

function encodeError(error, inside) {
  const parts = { name: error.name, message: error.message };
  for (const key of ERROR_PARTS) {
    if (error[key] !== undefined) parts[key] = encode(error[key], inside);
  }
  if (parts.response?.headers) parts.response.headers = Object.keys(parts.response.headers).sort();
  return parts;
}
