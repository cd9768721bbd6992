/** How a secret in a definition is told: by the name of its field, or by its place in a URL. None belongs there; one that was written is never repeated. */

import { keyRanges } from './key-forms.js';
import { nearest } from './names.js';

/** Fields that are called like a secret and hold names only. */
const holdNames: ReadonlySet<string> = new Set([
  'secrets',
  'imagePullSecrets',
  'secretRef',
  'externalSecret',
  'sealedSecret',
  'secretStoreRef',
  'secretStores',
]);

/** Whether the value of a field called `key` may be a secret. */
export const soundsSecret = (key: string): boolean =>
  key.length <= 256 && (sensitive.test(key) || abbreviated.test(key) || /_KEY$/.test(key)) && !holdNames.has(key);

const sensitive =
  /pass?wo?r?d|passphrase|^pwd|pwd$|secret|token|credential|^creds|signature|^sas$|authorization|bearer|connection[-_.]?string|(?:private|access|account|api|shared)[-_.]?key|sas[-_.]?url/i;
/** `DB_PW`, `GH_PAT`: at the end of a name only. */
const abbreviated = /(?:^|[-_.])(?:pass|pw|pat|sig)$/i;

/** What stands below `credentials`. */
const credentialFields = [
  ...['secretRef', 'anonymous', 'externalSecret', 'sealedSecret', 'sops', 'workloadIdentity', 'instanceIdentity'],
  ...['name', 'keys', 'service_account.json', 'sas_url'],
  ...['secretStoreRef', 'kind', 'refreshInterval', 'deletionPolicy', 'key', 'property', 'version', 'files'],
  ...['roleArn', 'audience', 'serviceAccount', 'tenantId', 'clientId', 'sharedIdentity'],
  // Not right, and often written.
  'namespace',
];

/** Whether a field below `credentials` may be named: another one may be the secret itself, written in the place of a name. */
export const mayBeNamed = (field: string): boolean =>
  /^[a-z_.-]{1,40}$/i.test(field) && (soundsSecret(field) || nearest(field, credentialFields) !== undefined);

/** Whether names stand below a field called `key`, which are mistaken for what they name. */
export const holdsNames = (key: string): boolean => holdNames.has(key);

/** Whether the argument behind `argument` may be a secret: `--password`, `-db.token`. */
export const isSecretFlag = (argument: string): boolean => /^--?\w[\w.-]*$/.test(argument) && soundsSecret(argument.replace(/^--?/, ''));

/** Part of a text, in UTF-16 code units; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where user and password of URLs stand in a text, without the `@`: a word at a time, because the text may be hostile and long. */
function userinfoRanges(text: string): readonly Range[] {
  if (!text.includes('@')) return [];
  return [...text.matchAll(/[^\s"]+/g)].flatMap(({ 0: word, index }) => {
    const found = userinfoOf(word);
    return found ? [{ start: index + found.start, end: index + found.end }] : [];
  });
}

/** Where a text assigns something that sounds secret: `AccountKey=…`, `?sig=…`, `--token …`, `Bearer …`, `curl -u me:…`. */
function assignedRanges(text: string): readonly Range[] {
  const assigned = [...text.matchAll(/(?<![\w.-])-{0,2}([\w.-]{1,256})=([^\s"'&;,]+)/g)].filter(([, name = '']) => soundsSecret(name));
  const flags = [...text.matchAll(/(?<![\w.-])--?(\w[\w.-]{0,255})[ \t]+(?!--[a-z])([^\s"']+)/gi)].filter(([, name = '']) => soundsSecret(name));
  const bearers = text.matchAll(/\b(bearer|authorization:[ \t]+\w{1,64})[ \t]+([^\s"']+)/gi);
  const users = text.matchAll(/(?<![\w.-])(-u|--user)[ \t=]+([^\s"':]{1,256}:[^\s"']+)/g);
  return [...assigned, ...flags, ...bearers, ...users].map(({ 0: found, 2: value = '', index }) => ({
    start: index + found.length - value.length,
    end: index + found.length,
  }));
}

/** What any text shows of secrets, whatever it is. */
export const secretRanges = (text: string): readonly Range[] =>
  [...keyRanges(text), ...userinfoRanges(text), ...assignedRanges(text)].sort((a, b) => a.start - b.start);

/** Of one word, or of one value whatever it holds. A password may hold `/` and `@`; a digest (`name:tag@sha256:`) is none. */
export function userinfoOf(word: string): Range | undefined {
  let end = word.lastIndexOf('@');
  while (end > 0 && word.startsWith('@sha256:', end)) end = word.lastIndexOf('@', end - 1);
  if (end <= 0) return undefined;
  const [scheme] = /^\/\/|:\/\//.exec(word) ?? [];
  if (scheme !== undefined) {
    const start = word.indexOf(scheme) + scheme.length;
    return start < end ? { start, end } : undefined;
  }
  const start = word.search(/[^[{(,']/);
  const before = word.slice(start, end);
  return before.includes(':') && !before.includes('/') ? { start, end } : undefined;
}

/** What a value of two words tells: `token …`. */
export function toldRange(value: string): Range | undefined {
  const [, name = '', told = ''] = /^["']?([\w.-]{1,64}:?)[ \t]+([^\s"']+)["']?$/.exec(value) ?? [];
  const start = value.indexOf(told, name.length);
  return soundsSecret(name.replace(/:$/, '')) ? { start, end: start + told.length } : undefined;
}

/** One value without what it says of secrets. A password in it may hold anything, blanks too. */
export function hideInValue(value: string): string {
  const told = toldRange(value);
  if (told) return `${value.slice(0, told.start)}…`;
  // The query of a URL holds tokens, under names that nobody knows.
  const query = value.includes('://') ? value.indexOf('?') : -1;
  if (query >= 0) return `${hideInValue(value.slice(0, query))}?…`;
  const userinfo = userinfoOf(value);
  return hideSecrets(userinfo ? `${value.slice(0, userinfo.start)}…${value.slice(userinfo.end)}` : value);
}

/** A text without what its URLs say of user and password, and what it assigns to a secret. */
export function hideSecrets(text: string): string {
  let hidden = '';
  let at = 0;
  for (const { start, end } of secretRanges(text)) {
    if (end <= at) continue;
    hidden += start < at ? '' : `${text.slice(at, start)}…`;
    at = end;
  }
  return hidden + text.slice(at);
}
