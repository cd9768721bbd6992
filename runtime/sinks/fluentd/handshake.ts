import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SinkProblem } from '../sink-problem.js';
import { encode } from './msgpack.js';

/** A connection on which messages come one by one. */
export interface Messages {
  write(bytes: Uint8Array): Promise<void>;
  next(): Promise<unknown>;
}

/**
 * Proves to the sink that we know the shared key, and sees to it that it does too. The key itself is never sent.
 * @see https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1.5 (handshake messages)
 */
export async function shakeHands(messages: Messages, sharedKey: string, hostname: string): Promise<void> {
  const { nonce, wantsUser } = readHelo(await messages.next());
  if (wantsUser) throw new SinkProblem('refused', 'asks for a user and a password, which are not supported: let it check the shared key alone');
  const salt = randomBytes(16).toString('hex');
  const digest = (host: string): string => createHash('sha512').update(salt).update(host).update(nonce).update(sharedKey).digest('hex');
  await messages.write(encode(['PING', hostname, salt, digest(hostname), '', '']));
  checkPong(await messages.next(), hostname, digest);
}

/** Whether a message is the greeting of a sink that asks for a shared key. */
export const isHelo = (message: unknown): message is readonly unknown[] => Array.isArray(message) && message[0] === 'HELO';

function readHelo(message: unknown): { readonly nonce: string | Uint8Array; readonly wantsUser: boolean } {
  const options: unknown = isHelo(message) ? message[1] : undefined;
  const nonce = member(options, 'nonce');
  if (!isBytes(nonce)) throw new SinkProblem('unavailable', 'does not begin as a sink of fluentd with a shared key does');
  const auth = member(options, 'auth');
  return { nonce, wantsUser: isBytes(auth) && auth.length > 0 };
}

function checkPong(message: unknown, hostname: string, digest: (host: string) => string): void {
  const [type, accepted, , serverName, serverDigest]: readonly unknown[] = Array.isArray(message) ? message : [];
  if (type !== 'PONG') throw new SinkProblem('unavailable', 'does not answer as a sink of fluentd with a shared key does');
  if (accepted !== true) throw new SinkProblem('refused', 'refuses the shared key');
  // Who sends our own name back could send our own digest back as well.
  const proves =
    typeof serverName === 'string' && serverName !== hostname && typeof serverDigest === 'string' && equal(serverDigest, digest(serverName));
  if (!proves) throw new SinkProblem('refused', 'does not know the shared key itself');
}

/** In bytes: text of a sink may be as long in characters and longer in UTF-8, which `timingSafeEqual` throws at. */
function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const isBytes = (value: unknown): value is string | Uint8Array => typeof value === 'string' || value instanceof Uint8Array;
const member = (value: unknown, key: string): unknown => (value instanceof Map ? value.get(key) : undefined);
