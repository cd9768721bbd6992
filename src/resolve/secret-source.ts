/** Where the Secret of a connection comes from, if it is the repository that says so. */
import { parseDuration } from '../base/duration.js';
import { connectionDefaults } from '../input/defaults.js';
import type { ConnectionSpec, RemoteKey } from '../input/generated/types.js';
import type { SecretFile } from '../input/secret-file/secret-file.js';
import type { NamespaceSecret } from '../model/model.js';
import type { Connection } from './connection.js';
import type { ConnectionDefinition } from './definition.js';

/**
 * The Secret that External Secrets makes of a connection. Not of the author's choice: it would replace a Secret of that name,
 * such as the one that requests are signed with.
 */
export const connectionSecretName = (connection: string): string => `millrace-connection-${connection}`;

/** The files of SealedSecrets or SOPS that a connection lists, as paths below the root; undefined: it has another mode. */
export function secretFilePaths({ spec, team }: Pick<ConnectionDefinition, 'spec' | 'team'>): readonly string[] | undefined {
  const folder = team === undefined ? 'services/connections' : `services/${team}/connections`;
  return (spec.credentials.sealedSecret ?? spec.credentials.sops)?.files.map((file) => `${folder}/${file}`);
}

/** Where External Secrets finds each value, by our own name of its key, sorted. */
export const remoteKeys = (spec: ConnectionSpec): readonly (readonly [string, RemoteKey])[] =>
  Object.entries(spec.credentials.externalSecret?.keys ?? {})
    .filter((entry): entry is [string, RemoteKey] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** The file that is for a namespace: the one that names it, otherwise the one that names none. */
export const fileFor = (files: readonly SecretFile[], namespace: string): SecretFile | undefined =>
  files.find((file) => file.namespace === namespace) ?? files.find((file) => file.namespace === undefined);

/** What makes the Secret of a connection in a namespace that uses it; undefined: somebody else does, or it has none. */
export function secretIn({ definition, files }: Connection, namespace: string): NamespaceSecret | undefined {
  const { externalSecret } = definition.spec.credentials;
  const connection = definition.name;
  if (externalSecret) {
    const { secretStoreRef, refreshInterval, deletionPolicy } = externalSecret;
    return {
      kind: 'external',
      connection,
      name: connectionSecretName(connection),
      store: { kind: secretStoreRef.kind ?? connectionDefaults.secretStoreKind, name: secretStoreRef.name },
      refreshSeconds: parseDuration(refreshInterval ?? connectionDefaults.refreshInterval) ?? 3600,
      deletionPolicy: deletionPolicy ?? connectionDefaults.deletionPolicy,
      data: remoteKeys(definition.spec).map(([secretKey, remote]) => ({ secretKey, ...remote })),
    };
  }
  const file = fileFor(files, namespace);
  if (!file) return undefined;
  const { name, path } = file;
  if (file.kind === 'encrypted') return { kind: 'encrypted', connection, name, path, text: file.text };
  return { kind: 'sealed', connection, name, path, scope: file.scope, encryptedData: file.encryptedData };
}
