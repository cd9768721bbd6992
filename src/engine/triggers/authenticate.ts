/** How a listener learns who calls: the `github` interceptor, and `compareSecret` in CEL. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { assertInvariant } from '../../base/assert.js';
import { tokenHeader } from '../../manifests/triggers/event-listener.js';
import { asClosed, asFields, asText } from '../objects.js';
import { CelFailure, headerValue, type SecretComparison } from './cel.js';
import { formType, type ListenerRequest } from './request.js';

/** The value of a key of a Secret in the listener's namespace; undefined where there is no such Secret or key. */
export type Secrets = (name: string, key: string) => Uint8Array | undefined;

/** The header of callers with HMAC: `sha256=` and the digest of the raw body as hexadecimal digits. */
export const signatureHeader = 'X-Hub-Signature-256';

/**
 * For a request whose caller counts as authenticated: a token that is not compared has to be there all the same.
 * What the request has itself stays.
 */
export const withTokens = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  [tokenHeader]: 'not-checked',
  ...headers,
});

/** `compareSecret` of Tekton's CEL; fails where the Secret or its key is not there. */
export const secretComparison =
  (secrets: Secrets): SecretComparison =>
  (value, secretKey, secretName) => {
    const expected = secrets(secretName, secretKey);
    if (!expected) throw new CelFailure(noSecret(secretName, secretKey));
    return sameBytes(expected, new TextEncoder().encode(value));
  };

/** Why the `github` interceptor stops a request, if it does. Its only param is a secretRef; without one it would check nothing. */
export function signatureProblem(params: unknown, request: ListenerRequest, header: unknown, secrets: Secrets | undefined): string | undefined {
  const { secretName, secretKey } = asClosed(asFields(params, 'github')['secretRef'], 'secretRef', ['secretName', 'secretKey']);
  assertInvariant(asText(secretName, 'secretName') !== '' && asText(secretKey, 'secretKey') !== '', 'a secretRef is empty');
  if (headerValue(header, 'Content-Type') === formType) return `the Content-Type is ${formType}, but must be application/json`;
  if (!secrets) return undefined;
  const given = headerValue(header, signatureHeader);
  if (given === '') return `the header ${signatureHeader} is missing`;
  const key = secrets(String(secretName), String(secretKey));
  if (!key) return noSecret(String(secretName), String(secretKey));
  const [, algorithm, digest = ''] = /^(sha1|sha256|sha512)=((?:[0-9a-f]{2})*)$/i.exec(given) ?? [];
  if (algorithm === undefined) return `the header ${signatureHeader} is no signature: it must be sha256= and 64 hexadecimal digits`;
  const expected = createHmac(algorithm.toLowerCase(), key).update(decoder.decode(request.body)).digest();
  return sameBytes(expected, Buffer.from(digest, 'hex'))
    ? undefined
    : `the signature in ${signatureHeader} is not that of this body with the key ${String(secretKey)} of Secret ${String(secretName)}`;
}

/** The listener hands the body to interceptors as a text: what is no UTF-8 is U+FFFD by then, and no caller's signature is over that. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const noSecret = (name: string, key: string): string => `Secret ${name} is missing, or has no key ${key}`;
const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && timingSafeEqual(left, right);
