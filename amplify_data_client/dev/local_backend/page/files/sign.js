// Signature Version 4, with the browser's own cryptography.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const hash = async (text) => hex(await crypto.subtle.digest("SHA-256", bytes(text)));

async function hmac(key, text) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return crypto.subtle.sign("HMAC", imported, bytes(text));
}

// Give the headers of a POST, signed; the path has nothing to encode and there is no query.
export async function sign(url, body, headers, { accessKey, secretKey, sessionToken }, region, service) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const sent = { ...headers, "x-amz-date": time, ...(sessionToken && { "x-amz-security-token": sessionToken }) };
  const all = Object.entries({ ...sent, host: url.host }).sort(([one], [other]) => (one < other ? -1 : 1));
  const names = all.map(([name]) => name).join(";");
  const lines = all.map(([name, value]) => `${name}:${value}\n`).join("");
  const canonical = ["POST", url.pathname, "", lines, names, await hash(body)].join("\n");
  const scope = [time.slice(0, 8), region, service, "aws4_request"];
  let key = bytes(`AWS4${secretKey}`);
  for (const part of scope) key = await hmac(key, part);
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), await hash(canonical)].join("\n");
  const credential = `Credential=${accessKey}/${scope.join("/")}`;
  const signature = hex(await hmac(key, text));
  return { ...sent, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` };
}
