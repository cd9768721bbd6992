/** What brings `dist/` to the cluster: one unit for what the cluster shares, and one for each namespace. */
import type { GitopsModel, NamespaceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { neverPrunedByFlux, shared } from '../names.js';
import { encryptedFiles } from '../secrets.js';

type Argocd = Extract<GitopsModel, { readonly engine: 'argocd' }>;
type Flux = Extract<GitopsModel, { readonly engine: 'flux' }>;

/** The folder of what belongs to no namespace; no namespace may be called like it. */
const clusterFolder = 'cluster';

/** Objects of the engine for the cluster's folder and each namespace's; none where Platform names no engine. */
export function renderGitops(namespaces: readonly NamespaceModel[]): readonly Manifest[] {
  const gitops = namespaces[0]?.gitops;
  if (!gitops) return [];
  if (gitops.engine === 'argocd')
    return [
      application(gitops, clusterFolder),
      ...namespaces.map((model) => application(gitops, model.namespace, { hasEncrypted: encryptedFiles(model).length > 0 })),
    ];
  const folders = [clusterFolder, ...namespaces.map(({ namespace }) => namespace)];
  return [gitRepository(gitops), ...folders.map((folder) => kustomization(gitops, folder))];
}

/**
 * Without a finalizer: who removes the Application, by a change of Platform for example, does not remove what it brought.
 * Applied on the server, so that fields which others own (a status, a label of the cluster's) are not fought over.
 * Files that only SOPS can read are left out: the API server refuses them, and one refusal stops the whole Application.
 */
const application = ({ repoURL, revision, path, namespace, project }: Argocd, folder: string, { hasEncrypted = false } = {}): Manifest => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: {
    name: `${shared}-${folder}`,
    namespace,
    annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true,IncludeMutationWebhook=true' },
  },
  spec: {
    destination: { server: 'https://kubernetes.default.svc', ...(folder === clusterFolder ? {} : { namespace: folder }) },
    project,
    source: {
      ...(hasEncrypted ? { directory: { exclude: '*.sops.yaml' } } : {}),
      path: `${path}/${folder}`,
      repoURL,
      targetRevision: revision,
    },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true', 'PruneLast=true'] },
  },
});

const gitRepository = ({ repoURL, revision, namespace, secret }: Flux): Manifest => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: shared, namespace, annotations: neverPrunedByFlux },
  spec: {
    interval: '1m0s',
    ref: { branch: revision },
    ...(secret === undefined ? {} : { secretRef: { name: secret } }),
    timeout: '60s',
    url: repoURL,
  },
});

/**
 * It removes what the output no longer holds, but nothing when it goes away itself: a Platform that no longer asks for Flux
 * would otherwise take every service with it.
 */
const kustomization = ({ path, namespace, decryptionSecret }: Flux, folder: string): Manifest => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: `${shared}-${folder}`, namespace, annotations: neverPrunedByFlux },
  spec: {
    ...(decryptionSecret === undefined ? {} : { decryption: { provider: 'sops', secretRef: { name: decryptionSecret } } }),
    deletionPolicy: 'Orphan',
    ...(folder === clusterFolder ? {} : { dependsOn: [{ name: `${shared}-${clusterFolder}` }] }),
    force: false,
    interval: '10m0s',
    path: `./${path}/${folder}`,
    prune: true,
    sourceRef: { kind: 'GitRepository', name: shared },
  },
});
