/** What the steps of a job need to reach its stores, beside rclone.conf: identities and certificates. Most jobs need none of it. */
import { identityToken, mountPaths, stepEnv } from '../../contract/paths.js';
import type { ConnectionModel, ServiceModel } from '../../model/model.js';
import { identityServiceAccount, runServiceAccount } from '../names.js';

type Named = Readonly<Record<string, unknown>> & { readonly name: string };

export interface StoreAccess {
  /** On the rclone steps only: the predictor shall not find out how to become someone. */
  readonly rclone: { readonly mounts: readonly Named[] };
  /**
   * On configure-rclone, which checks the certificates and writes what tells the clouds' libraries in rclone where all of it is
   * (runtime/rclone/environment.ts).
   */
  readonly configureRclone: { readonly env: Readonly<Record<string, string>>; readonly mounts: readonly Named[] };
  readonly volumes: readonly Named[];
}

/** The ServiceAccount of a service's runs: that of its identity, which is one (`resolve/two-identities`). */
export function serviceAccountOf({ connections }: ServiceModel): string {
  const [identity] = connections.flatMap(({ credentials }) => (credentials.kind === 'workloadIdentity' ? [credentials.name] : []));
  return identity === undefined ? runServiceAccount : identityServiceAccount(identity);
}

const identityMount = { name: 'identity', mountPath: mountPaths.identity, readOnly: true } as const;
const caMount = { name: 'ca', mountPath: mountPaths.ca, readOnly: true } as const;

/** Volumes with the tokens and certificates of a service's stores, and who mounts them. */
export function storeAccess(service: ServiceModel): StoreAccess {
  const tokens = tokenSources(service.connections);
  const certificates = certificateSources(service.connections);
  const hasTokens = tokens.length > 0;
  const hasCertificates = certificates.length > 0;
  return {
    rclone: { mounts: [...(hasTokens ? [identityMount] : []), ...(hasCertificates ? [caMount] : [])] },
    configureRclone: {
      env: {
        ...(hasTokens ? { [stepEnv.identity]: mountPaths.identity } : {}),
        ...(hasCertificates ? { [stepEnv.ca]: mountPaths.ca } : {}),
      },
      mounts: hasCertificates ? [caMount] : [],
    },
    volumes: [
      ...(hasTokens ? [{ name: 'identity', projected: { defaultMode: 0o440, sources: tokens } }] : []),
      ...(hasCertificates ? [{ name: 'ca', projected: { defaultMode: 0o440, sources: certificates } }] : []),
    ],
  };
}

/** Seconds. The kubelet puts a new one in its place at four fifths of it, and the clouds' libraries read it anew each time. */
const tokenLifetime = 3600;

/** One for each kind of store, since a job has one identity for each. */
function tokenSources(connections: readonly ConnectionModel[]): readonly Readonly<Record<string, unknown>>[] {
  const audiences = new Map(
    connections.flatMap(({ backend, credentials }) =>
      credentials.kind === 'workloadIdentity' ? [[backend.type, credentials.tokenAudience] as const] : [],
    ),
  );
  return [...audiences]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, audience]) => ({
      serviceAccountToken: { audience, expirationSeconds: tokenLifetime, path: identityToken('', type).slice(1) },
    }));
}

/** Optional: configure-rclone says which ConfigMap is missing; a pod that waits for it would say nothing. */
const certificateSources = (connections: readonly ConnectionModel[]): readonly Readonly<Record<string, unknown>>[] =>
  connections.flatMap(({ name, backend: { ca } }) =>
    ca ? [{ configMap: { name: ca.name, optional: true, items: [{ key: ca.key, path: `${name}.crt` }] } }] : [],
  );
