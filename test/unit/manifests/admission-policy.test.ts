import { describe, expect, it } from 'vitest';
import { renderCluster } from '../../../src/manifests/namespace.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import type { NamespaceModel } from '../../../src/model/model.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

const policies = (enforcement: NamespaceModel['enforcement']): readonly Manifest[] =>
  renderCluster(
    [
      { ...namespaceModel, enforcement },
      { ...namespaceModel, namespace: 'growth' },
    ],
    [serviceModel],
  ).filter(({ kind }) => kind.startsWith('Validating'));

describe('the admission policy of a namespace', () => {
  it.each([
    ['audit', ['Audit', 'Warn']],
    ['enforce', ['Deny']],
  ] as const)('%s', (enforcement, validationActions) => {
    expect(policies(enforcement)).toMatchObject([
      {
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'millrace-risk' },
        spec: { failurePolicy: 'Fail', matchConstraints: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'risk' } } } },
      },
      { kind: 'ValidatingAdmissionPolicyBinding', spec: { policyName: 'millrace-risk', validationActions } },
    ]);
  });

  it('is not there where the platform asks for none', () => {
    expect(policies(undefined)).toEqual([]);
  });

  it('knows the account, the timeout and the retries of each service', () => {
    const [policy] = policies('enforce');
    expect(JSON.stringify(policy)).toContain(`{'fraud-scorer': {'account': 'millrace-run', 'timeout': '`);
  });

  it('demands the queue of a service that has one', () => {
    const [policy] = renderCluster([{ ...namespaceModel, enforcement: 'enforce' }], [{ ...serviceModel, localQueue: 'batch' }]).filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicy',
    );
    expect(JSON.stringify(policy)).toMatch(/'retries': '\d+', 'queue': 'batch'/);
    expect(JSON.stringify(policy)).toContain('label kueue.x-k8s.io/queue-name must be that of the service');
  });
});
