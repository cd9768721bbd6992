import type { Path, Result } from '../../diagnostics/diagnostic.js';
import type { SourceFile } from '../../source/source.js';
import { isMap, type Fields } from '../values.js';
import { isNamespaceName, isNothing, isObjectName, isSecretKey, metadataHint, collectProblems, type Problems } from './shape.js';

/** To which names and namespaces a SealedSecret is bound. @see https://github.com/bitnami-labs/sealed-secrets#scopes */
export type SealedScope = 'strict' | 'namespace-wide' | 'cluster-wide';

export interface SealedSecretFile {
  readonly kind: 'sealed';
  readonly path: string;
  readonly name: string;
  /** Undefined: any, which only the scope cluster-wide allows. */
  readonly namespace: string | undefined;
  readonly scope: SealedScope;
  readonly keys: readonly string[];
  readonly encryptedData: Readonly<Record<string, string>>;
}

/** The annotation with which kubeseal marks a scope other than `strict`. */
export const scopeAnnotation = (scope: Exclude<SealedScope, 'strict'>): string => `sealedsecrets.bitnami.com/${scope}`;
const annotations = [scopeAnnotation('namespace-wide'), scopeAnnotation('cluster-wide')];

const asWritten = 'keep the file as kubeseal wrote it: kubeseal --format yaml';

/** A SealedSecret whose values were sealed with a certificate of a cluster. Whether that cluster can open them only it knows. */
export function readSealedSecret({ path }: SourceFile, value: Fields): Result<SealedSecretFile> {
  const problems = collectProblems(path);
  const document = problems.closed(value, [], ['apiVersion', 'kind', 'metadata', 'spec'], asWritten);
  const metadata = problems.closed(document?.['metadata'] ?? {}, ['metadata'], metadataFields, metadataHint);
  const spec = problems.closed(document?.['spec'] ?? {}, ['spec'], ['encryptedData', 'template'], asWritten);
  // With a field that is not passed on, nothing of it was looked at.
  if (!document || !metadata || !spec) return [undefined, problems.found];

  const scope = readScope(metadata['annotations'], ['metadata', 'annotations'], problems);
  const { name, namespace } = metadata;
  if (!isObjectName(name)) problems.refuse(['metadata'], 'has no name, or none that Kubernetes takes', asWritten);
  if (!isNothing(namespace) && !isNamespaceName(namespace)) problems.refuse(['metadata', 'namespace'], 'is the name of no namespace', asWritten);
  if (isNothing(namespace) && scope !== 'cluster-wide')
    problems.refuse(['metadata'], 'names no namespace, which its scope is bound to', 'seal it anew with kubeseal --namespace');
  if (!isNothing(metadata['creationTimestamp'])) problems.refuse(['metadata', 'creationTimestamp'], 'was read from a cluster', asWritten);
  checkTemplate(spec['template'], { name, namespace, scope }, problems);
  const encryptedData = readEncrypted(spec['encryptedData'], problems);
  if (problems.found.length > 0 || !encryptedData || !isObjectName(name)) return [undefined, problems.found];
  return [
    {
      kind: 'sealed',
      path,
      name,
      namespace: isNamespaceName(namespace) ? namespace : undefined,
      scope,
      keys: Object.keys(encryptedData).sort(),
      encryptedData,
    },
    [],
  ];
}

const metadataFields = ['name', 'namespace', 'annotations', 'creationTimestamp'];

function readScope(value: unknown, path: Path, problems: Problems): SealedScope {
  if (isNothing(value)) return 'strict';
  const given = problems.closed(value, path, annotations, metadataHint) ?? {};
  const said = annotations.filter((annotation) => Object.hasOwn(given, annotation));
  if (said.length > 1) problems.refuse(path, 'has two scopes', asWritten);
  if (said.some((annotation) => given[annotation] !== 'true')) problems.refuse(path, 'has a scope that is not "true"', asWritten);
  if (said.includes(scopeAnnotation('cluster-wide'))) return 'cluster-wide';
  return said.length > 0 ? 'namespace-wide' : 'strict';
}

interface Outer {
  readonly name: unknown;
  readonly namespace: unknown;
  readonly scope: SealedScope;
}

/** What the Secret itself will look like: the same name, no more than a type. */
function checkTemplate(value: unknown, outer: Outer, problems: Problems): void {
  if (isNothing(value)) return;
  const path: Path = ['spec', 'template'];
  const template = problems.closed(
    value,
    path,
    ['metadata', 'type', 'data'],
    'a template holds plain text, and fields that other programs act on: remove it',
  );
  if (!template) return;
  if (!isNothing(template['data']))
    problems.plain([...path, 'data'], 'holds values in plain text', 'seal them, too: kubeseal encrypts data and stringData');
  if (!isNothing(template['type']) && template['type'] !== 'Opaque')
    problems.refuse([...path, 'type'], 'is not Opaque', 'the Secret of a store has no type');
  if (isNothing(template['metadata'])) return;
  const metadata = problems.closed(template['metadata'], [...path, 'metadata'], metadataFields, metadataHint);
  if (!metadata) return;
  for (const field of ['name', 'namespace'] as const) {
    if (!isNothing(metadata[field]) && metadata[field] !== outer[field])
      problems.refuse([...path, 'metadata', field], `is another ${field} than that of the SealedSecret`, asWritten);
  }
  if (!isNothing(metadata['annotations']) && readScope(metadata['annotations'], [...path, 'metadata', 'annotations'], problems) !== outer.scope)
    problems.refuse([...path, 'metadata', 'annotations'], 'is another scope than that of the SealedSecret', asWritten);
}

function readEncrypted(value: unknown, problems: Problems): Readonly<Record<string, string>> | undefined {
  const path: Path = ['spec', 'encryptedData'];
  if (!isMap(value) || Object.keys(value).length === 0)
    return problems.refuse(['spec'], 'has no encryptedData', 'seal a Secret with at least one key: kubeseal --format yaml');
  for (const [key, sealed] of Object.entries(value)) {
    if (!isSecretKey(key)) problems.refuse(path, 'has a key that no Secret can have', asWritten);
    else if (typeof sealed !== 'string' || !isSealed(sealed))
      problems.plain(
        [...path, key],
        'is not sealed',
        'whoever can read the repository can read it: replace the value, and seal the new one with kubeseal',
      );
  }
  return value as Readonly<Record<string, string>>;
}

/**
 * Two bytes tell how long the encrypted session key is (256 bytes for RSA-2048, 512 for RSA-4096); behind it come the value and a tag
 * of 16 bytes. No key of a store, and no key file, begins like that.
 * @see https://github.com/bitnami-labs/sealed-secrets/blob/main/pkg/crypto/crypto.go
 */
function isSealed(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  const [first = 0, second = 0] = Array.from(atob(text.slice(0, 4)), (byte) => byte.charCodeAt(0));
  const sessionKey = first * 256 + second;
  const bytes = (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0);
  return sessionKey >= 256 && sessionKey <= 1024 && bytes >= 2 + sessionKey + 16;
}
