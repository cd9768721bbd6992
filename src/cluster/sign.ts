/** How a caller shows who it is. */
import { createHmac } from 'node:crypto';
import { tokenHeader } from '../manifests/triggers/event-listener.js';

/** HMAC-SHA256 of the bytes that are sent, or the token itself. */
export const signingHeaders = (auth: 'hmac' | 'token', key: Uint8Array, body: Uint8Array): Readonly<Record<string, string>> =>
  auth === 'hmac'
    ? { 'X-Hub-Signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` }
    : { [tokenHeader]: Buffer.from(key).toString('latin1') };

/** What is wrong with a key, to follow "it"; undefined where it can be used. Never repeats it. */
export function keyProblem(auth: 'hmac' | 'token', key: Uint8Array): string | undefined {
  if (key.length === 0) return 'is empty';
  // What a header may hold, and what the listener compares: no blank at either end survives.
  if (auth === 'token' && !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(Buffer.from(key).toString('latin1'))) {
    return 'holds a line feed, a blank at an end, or a character that is no printable ASCII, which a header cannot carry';
  }
  return undefined;
}
