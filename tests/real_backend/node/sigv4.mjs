// Verifies AWS Signature Version 4, as AppSync and S3 do.
import crypto from 'node:crypto';

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/;

// keys: secrets by access key; headers: in lower case. Gives the type of the refusal, or null.
export function refusal({ method = 'POST', path = '/graphql', headers, body, service = 'appsync' }, keys) {
  const found = (headers.authorization ?? '').match(HEADER);
  if (!found) return 'IncompleteSignatureException';
  const [, id, day, region, scope, signedHeaders, signature] = found;
  if (!(id in keys) || scope !== service) return 'UnrecognizedClientException';
  const names = signedHeaders.split(';');
  const time = headers['x-amz-date'];
  if (!names.includes('host') || !time?.startsWith(day)) return 'IncompleteSignatureException';
  const lines = names.map((name) => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}`);
  const payload = service === 's3' ? headers['x-amz-content-sha256'] : sha256(body);
  const request = [method, path, '', ...lines, '', signedHeaders, payload].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${region}/${service}/aws4_request`, sha256(request)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce(hmac, `AWS4${keys[id]}`);
  return hmac(key, toSign).toString('hex') === signature ? null : 'InvalidSignatureException';
}

const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');

export const MESSAGES = {
  UnrecognizedClientException: 'The security token included in the request is invalid.',
  IncompleteSignatureException:
    'Authorization header requires existence of either a Credential, a Signature, or a SignedHeaders parameter.',
  InvalidSignatureException:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
};
