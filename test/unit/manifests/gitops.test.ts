import { describe, expect, it } from 'vitest';
import { renderGitops } from '../../../src/manifests/gitops/gitops.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import type { GitopsModel } from '../../../src/model/model.js';
import { namespaceModel } from '../../support/models.js';

const shared = { repoURL: 'https://git.example.com/ml/services.git', revision: 'main', path: 'dist' };
const render = (gitops: GitopsModel | undefined): readonly Manifest[] =>
  renderGitops(['growth', 'risk'].map((namespace) => ({ ...namespaceModel, namespace, gitops })));

describe('Argo CD', () => {
  const applications = render({ engine: 'argocd', ...shared, namespace: 'argocd', project: 'ml' });

  it('has an Application for the cluster and one for each namespace, which apply on the server', () => {
    expect(applications.map(({ metadata }) => metadata.name)).toEqual(['millrace-cluster', 'millrace-growth', 'millrace-risk']);
    expect(applications[2]).toMatchObject({
      kind: 'Application',
      metadata: { namespace: 'argocd' },
      spec: {
        project: 'ml',
        destination: { namespace: 'risk' },
        source: { repoURL: shared.repoURL, targetRevision: 'main', path: 'dist/risk' },
        syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true', 'PruneLast=true'] },
      },
    });
  });

  it('leaves files of SOPS out where there are any, for the API server would refuse them with all the rest', () => {
    const secret = { kind: 'encrypted', connection: 'raw', name: 'raw-s3', path: 'services/connections/secrets/raw.yaml', text: '' } as const;
    const gitops = { engine: 'argocd', ...shared, namespace: 'argocd', project: 'ml' } as const;
    const sources = (secrets: readonly (typeof secret)[]): readonly unknown[] =>
      renderGitops([{ ...namespaceModel, namespace: 'risk', gitops, secrets }]).map(({ spec }) => (spec as { source: unknown }).source);
    const source = (folder: string): unknown => ({ path: `dist/${folder}`, repoURL: shared.repoURL, targetRevision: 'main' });
    expect(sources([])).toEqual([source('cluster'), source('risk')]);
    expect(sources([secret])).toEqual([source('cluster'), { ...(source('risk') as object), directory: { exclude: '*.sops.yaml' } }]);
  });

  it('leaves what an Application brought when the Application goes', () => {
    expect(JSON.stringify(applications)).not.toContain('finalizers');
  });
});

describe('Flux', () => {
  const objects = render({ engine: 'flux', ...shared, namespace: 'flux-system', secret: 'git', decryptionSecret: 'sops-age' });

  it('has one repository and a Kustomization for the cluster and for each namespace, the cluster first', () => {
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'GitRepository millrace',
      'Kustomization millrace-cluster',
      'Kustomization millrace-growth',
      'Kustomization millrace-risk',
    ]);
    expect(objects[0]).toMatchObject({ spec: { url: shared.repoURL, ref: { branch: 'main' }, secretRef: { name: 'git' } } });
    expect(objects[3]).toMatchObject({
      spec: {
        path: './dist/risk',
        prune: true,
        dependsOn: [{ name: 'millrace-cluster' }],
        decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
      },
    });
    expect(JSON.stringify(objects[1])).not.toContain('dependsOn');
  });

  it('leaves what a Kustomization brought when the Kustomization goes, and none goes by a change of the output alone', () => {
    for (const each of objects.slice(1)) expect(each).toMatchObject({ spec: { deletionPolicy: 'Orphan' } });
    for (const { metadata } of objects) expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
  });
});

it('has no objects where the platform names no engine', () => {
  expect(render(undefined)).toEqual([]);
});
