import { failure } from '../base/failure.js';
import { isTokenHost } from './endpoint.js';
import { inMessages, type SecretFolder } from './secrets.js';

/** A key file is one flat object. */
const deepest = 32;

/** How deep arrays and objects are nested. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  // Strings are left out: they may hold any brackets.
  for (const [bracket] of json.replace(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/**
 * A key file of a Google service account on one line, as rclone's configuration needs it. Other kinds of key files
 * are refused here rather than by a transfer that fails much later, and those that would have rclone ask any host for a token.
 * @param endpoint of the connection
 */
export function serviceAccountLine(text: string, secret: SecretFolder, endpoint?: string): string {
  const refuse = (problem: string): never => {
    throw failure('runtime/bad-secret', { ...inMessages(secret, 'service_account.json'), problem });
  };
  // Writing a value of thousands of levels would take more of the stack than there is.
  if (depthOf(text) > deepest) return refuse('is nested too deeply for a key file; store the key file as Google gives it');
  let account: unknown;
  try {
    account = JSON.parse(text);
  } catch {
    return refuse('is not JSON; store the key file as Google gives it');
  }
  if (typeof account !== 'object' || account === null || Array.isArray(account))
    return refuse('is not a JSON object; store the key file as Google gives it');
  const { type, client_email: email, private_key: key, token_uri: tokenUri } = account as Readonly<Record<string, unknown>>;
  if (type !== 'service_account') return refuse('is not the key file of a service account: its "type" is not "service_account"');
  if (!isText(email) || !isText(key)) return refuse('is not a complete key file: "client_email" or "private_key" is missing');
  if (tokenUri !== undefined && !(typeof tokenUri === 'string' && isTokenHost(tokenUri, endpoint)))
    return refuse('has a "token_uri" that is neither of Google nor of the connection\'s endpoint; store the key file as Google gives it');
  // A percent sign can only be inside a string, where it may be escaped, so nothing is left that rclone would replace.
  return JSON.stringify(account)
    .replaceAll('%', '\\u0025')
    .replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
