import type { Path, Result } from '../../diagnostics/diagnostic.js';
import type { SourceFile } from '../../source/source.js';
import { isMap, type Fields } from '../values.js';
import { isNamespaceName, isNothing, isObjectName, isSecretKey, metadataHint, collectProblems, type Problems } from './shape.js';

export interface SopsSecretFile {
  readonly kind: 'encrypted';
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly keys: readonly string[];
  /** The file as it is: SOPS authenticates the values in the order in which they stand. */
  readonly text: string;
}

const encrypt = "sops --encrypt --encrypted-regex '^(data|stringData)$' --in-place FILE";

/** What SOPS writes for each value. @see https://github.com/getsops/sops#encryption-protocol */
const encrypted = /^ENC\[AES256_GCM,data:[A-Za-z0-9+/]+={0,2},iv:[A-Za-z0-9+/]{16,}={0,2},tag:[A-Za-z0-9+/]{16,}={0,2},type:(?:str|bytes)\]$/;

/** Who can decrypt. */
const recipients = ['age', 'pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms', 'key_groups'];
const settings = [
  ...['mac', 'lastmodified', 'version', 'shamir_threshold', 'mac_only_encrypted', 'encrypted_regex', 'unencrypted_regex'],
  ...['encrypted_suffix', 'unencrypted_suffix', 'encrypted_comment_regex', 'unencrypted_comment_regex'],
];

/** As SOPS numbers its versions, releases to come among them: `3.13.2`, `3.9.0-rc.1`. */
const versionForm = /^\d{1,4}(?:\.\d{1,4}){1,2}(?:-(?:alpha|beta|rc)\.?\d{0,3})?$/;

/** A key of the data, encrypted: age begins with the name of its format, PGP with the packet of a session key (tag 1). */
const messages = {
  age: /^-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3Yx[A-Za-z0-9+/=\n]*\n-----END AGE ENCRYPTED FILE-----\n*$/,
  pgp: /^-----BEGIN PGP MESSAGE-----\n(?:(?:Version|Comment): [^\n]{0,80}\n)*\n*[hw][A-Za-z0-9+/=\n]*\n-----END PGP MESSAGE-----\n*$/,
} as const;

/** A Secret whose values are encrypted with SOPS. Whether the values are right only those can tell who can decrypt them. */
export function readSopsSecret({ path, text }: SourceFile, value: Fields): Result<SopsSecretFile> {
  const problems = collectProblems(path);
  if (!Object.hasOwn(value, 'sops')) {
    problems.plain([], 'is a Secret that is not encrypted', `whoever can read the repository can read it: replace what it holds, then ${encrypt}`);
    return [undefined, problems.found];
  }
  const document = problems.closed(
    value,
    [],
    ['apiVersion', 'kind', 'metadata', 'type', 'data', 'stringData', 'sops'],
    'remove it, and encrypt anew',
  );
  const metadata = problems.closed(document?.['metadata'] ?? {}, ['metadata'], ['name', 'namespace', 'creationTimestamp'], metadataHint);
  if (!document || !metadata) return [undefined, problems.found];

  const { name, namespace } = metadata;
  const isWhole = [name, namespace].some((each) => typeof each === 'string' && each.startsWith('ENC['));
  if (isWhole) problems.refuse(['metadata'], 'is encrypted as well', `encrypt the values only: ${encrypt}`);
  else if (!isObjectName(name)) problems.refuse(['metadata'], 'has no name, or none that Kubernetes takes', 'name the Secret, then encrypt it');
  else if (!isNamespaceName(namespace))
    problems.refuse(['metadata'], 'has no namespace, or none that Kubernetes takes', 'give it the namespace of the team');
  if (!isNothing(metadata['creationTimestamp'])) problems.refuse(['metadata', 'creationTimestamp'], 'was read from a cluster', 'remove it');
  if (!isNothing(document['type']) && document['type'] !== 'Opaque') problems.refuse(['type'], 'is not Opaque', 'the Secret of a store has no type');

  const keys = (['data', 'stringData'] as const).flatMap((field) => readValues(document[field], field, problems));
  if (problems.found.length === 0 && keys.length === 0) problems.refuse([], 'has no values', 'a Secret has data or stringData');
  if (new Set(keys).size < keys.length) problems.refuse(['stringData'], 'has a key that data has, too', 'keep one of them');
  checkSettings(document['sops'], problems);
  // Comments stay plain where SOPS encrypts by field, and this file is passed on as it is. No value that passed holds a "#".
  if (problems.found.length === 0 && /(?:^|[ \t])#(?!ENC\[)/m.test(text))
    problems.plain([], 'has a comment in plain text', 'remove the comment: it would reach dist/ as it is');
  if (problems.found.length > 0 || !isObjectName(name) || !isNamespaceName(namespace)) return [undefined, problems.found];
  return [{ kind: 'encrypted', path, name, namespace, keys: keys.sort(), text }, []];
}

function readValues(value: unknown, field: string, problems: Problems): readonly string[] {
  if (isNothing(value)) return [];
  if (!isMap(value)) return problems.refuse([field], 'is no map', `encrypt a Secret: ${encrypt}`) ?? [];
  return Object.entries(value).flatMap(([key, text]) => {
    if (!isSecretKey(key)) problems.refuse([field], 'has a key that no Secret can have', 'keys are letters, digits, "-", "_" and "."');
    else if (typeof text !== 'string' || !encrypted.test(text))
      problems.plain([field, key], 'is not encrypted', `whoever can read the repository can read it: replace the value, then ${encrypt}`);
    return [key];
  });
}

function checkSettings(value: unknown, problems: Problems): void {
  const path: Path = ['sops'];
  const sops = problems.closed(value, path, [...recipients, ...settings], 'keep the file as sops wrote it');
  if (!sops) return;
  const { mac, version } = sops;
  if (!isNothing(version) && (typeof version !== 'string' || !versionForm.test(version)))
    problems.refuse([...path, 'version'], 'is no version of sops, such as 3.13.2', 'keep the file as sops wrote it');
  if (typeof mac !== 'string' || !encrypted.test(mac)) problems.refuse(path, 'has no mac', 'keep the file as sops wrote it');
  if (!recipients.some((kind) => Array.isArray(sops[kind]) && sops[kind].length > 0))
    problems.refuse(path, 'names nobody who could decrypt it', 'encrypt it for the key of the cluster: sops --age …');
  for (const kind of [...recipients, ...settings]) checkMessages(sops[kind], [...path, kind], problems);
}

/** The file is passed on: what looks like an encrypted key and is none may be a key as it is. The depth is bounded by the parser. */
function checkMessages(value: unknown, path: Path, problems: Problems): void {
  if (Array.isArray(value)) return value.forEach((item, index) => checkMessages(item, [...path, index], problems));
  if (isMap(value)) return Object.entries(value).forEach(([key, item]) => checkMessages(item, [...path, key], problems));
  const tool = path.at(-1) === 'enc' ? path.at(-3) : undefined;
  const hint = 'keep the file as sops wrote it; if this was a key, replace it';
  if (tool === 'age' || tool === 'pgp') {
    if (typeof value !== 'string' || !messages[tool].test(value)) problems.refuse(path, `is no message that ${tool} encrypted`, hint);
  } else if (typeof value === 'string' && value.includes('-----BEGIN')) {
    problems.refuse(path, 'has the form of a key or certificate, which sops writes below age and pgp only', hint);
  }
}
