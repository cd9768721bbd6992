import { platformDefaults } from '../input/defaults.js';
import type { PlatformSpec } from '../input/generated/types.js';
import type { GitopsModel, RouteModel } from '../model/model.js';

/** How requests reach the listeners; undefined: no route is made. */
export function resolveRoute({ webhook }: PlatformSpec): RouteModel | undefined {
  const route = webhook?.route;
  if (!webhook || !route || route.kind === 'none') return undefined;
  const shared = { host: webhook.host, maxBody: route.maxBody ?? platformDefaults.maxBody };
  if (route.kind === 'gateway') return { kind: 'gateway', ...shared, controller: route.controller, parentRefs: route.parentRefs };
  const { controller, class: ingressClass, tls, hostNamespace } = route;
  return { kind: 'ingress', ...shared, controller, class: ingressClass, tlsSecret: tls?.secretName, hostNamespace };
}

/** What brings the output to the cluster; undefined: nothing of ours. */
export function resolveGitops({ gitops }: PlatformSpec): GitopsModel | undefined {
  if (!gitops || gitops.engine === 'none') return undefined;
  const { repoURL, revision, path, namespace } = gitops;
  const defaults = platformDefaults.gitops;
  const shared = {
    repoURL,
    revision: revision ?? defaults.revision,
    path: path ?? defaults.path,
    namespace: namespace ?? defaults.namespace[gitops.engine],
  };
  if (gitops.engine === 'argocd') return { engine: 'argocd', ...shared, project: gitops.project ?? defaults.project };
  return { engine: 'flux', ...shared, secret: gitops.secretRef?.name, decryptionSecret: gitops.decryption?.name };
}
