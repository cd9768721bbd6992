/** What makes the Secrets of connections on a cluster. None of it holds a credential in plain text. */
import { assertInvariant } from '../base/assert.js';
import { goDuration } from '../base/duration.js';
import type { NamespaceModel, NamespaceSecret } from '../model/model.js';
import type { Manifest } from './manifest.js';
import { labels } from './names.js';

/** Of Secrets that are objects here; one that is encrypted with SOPS is a file, see `encryptedFiles`. */
export const renderSecrets = ({ namespace, secrets }: NamespaceModel): readonly Manifest[] =>
  secrets.filter(({ kind }) => kind !== 'encrypted').map((secret) => renderSecret(secret, namespace));

/** One that is encrypted with SOPS is no object that we could write. */
export function renderSecret(secret: NamespaceSecret, namespace: string): Manifest {
  assertInvariant(secret.kind !== 'encrypted', 'a file is passed on as it is');
  return secret.kind === 'external' ? externalSecret(secret, namespace) : sealedSecret(secret, namespace);
}

/** Files that are passed on as they are, for those who can decrypt them: path below the folder of the namespace, and source. */
export const encryptedFiles = ({ secrets }: NamespaceModel): readonly { readonly file: string; readonly source: string; readonly text: string }[] =>
  secrets.flatMap((secret) => (secret.kind === 'encrypted' ? [{ file: `${secret.name}.sops.yaml`, source: secret.path, text: secret.text }] : []));

/**
 * Every default of External Secrets is written out, also those of older versions, so that nothing differs after it was applied.
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
function externalSecret(secret: NamespaceSecret & { readonly kind: 'external' }, namespace: string): Manifest {
  const { name, connection, store, refreshSeconds, deletionPolicy, data } = secret;
  const own = { [labels.connection]: connection };
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace, labels: own },
    spec: {
      refreshInterval: goDuration(refreshSeconds),
      refreshPolicy: 'Periodic',
      secretStoreRef: { name: store.name, kind: store.kind },
      target: {
        name,
        creationPolicy: 'Owner',
        deletionPolicy,
        // Without a template the labels and annotations of this object, also those of a GitOps engine, are copied to the Secret.
        template: { type: 'Opaque', engineVersion: 'v2', mergePolicy: 'Replace', metadata: { labels: own } },
      },
      data: data.map(({ secretKey, ...remote }) => ({
        secretKey,
        remoteRef: { ...remote, conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' },
      })),
    },
  };
}

/** Name, namespace and scope are part of what was sealed. @see https://github.com/bitnami-labs/sealed-secrets#scopes */
function sealedSecret(secret: NamespaceSecret & { readonly kind: 'sealed' }, namespace: string): Manifest {
  const { name, connection, scope, encryptedData } = secret;
  const annotations = scope === 'strict' ? {} : { annotations: { [`sealedsecrets.bitnami.com/${scope}`]: 'true' } };
  const own = { [labels.connection]: connection };
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, namespace, labels: own, ...annotations },
    spec: { encryptedData, template: { metadata: { name, namespace, labels: own, ...annotations }, type: 'Opaque' } },
  };
}
