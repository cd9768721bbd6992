import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownPattern } from '../../../src/base/pattern.js';
import { renderService } from '../../../src/manifests/service.js';
import { renderCluster, renderNamespace } from '../../../src/manifests/namespace.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { admit } from '../../support/admission.js';
import { gpuPool, namespaceModel, serviceModel } from '../../support/models.js';

interface Case {
  readonly name: string;
  readonly object: Record<string, unknown>;
  readonly admitted: boolean;
  readonly sameAsSent?: boolean;
  readonly stored?: Record<string, unknown>;
}
const { cases } = JSON.parse(readFileSync(new URL('../../recordings/admission.json', import.meta.url), 'utf8')) as { cases: Case[] };

describe('the rules of admission, as recorded', () => {
  it.each(cases.filter(({ admitted }) => admitted))('$name', ({ object, stored, sameAsSent }) => {
    expect(admit(object)).toEqual(sameAsSent ? object : stored);
  });
});

const variants: Record<string, ServiceModel> = {
  plain: serviceModel,
  'GPU, queue, shared memory, limits': {
    ...serviceModel,
    nodePool: gpuPool,
    localQueue: 'batch',
    retries: 2,
    resources: { requests: { cpu: '500m', memory: '1536Mi' }, limits: { cpu: '4', memory: '8Gi', gpu: 1 } },
    storage: { ...serviceModel.storage, shm: '1Gi', class: 'fast' },
    transfers: { parallel: 16, bandwidth: '50M', retries: 0, connectTimeoutSeconds: 60, idleTimeoutSeconds: 600 },
  },
  'node pools, resources and params for a request to choose': {
    ...serviceModel,
    nodePool: gpuPool,
    resources: { requests: { cpu: '500m', memory: '1536Mi' }, limits: { cpu: undefined, memory: '8Gi', gpu: 1 } },
    params: [{ name: 'threshold', default: '0.5', pattern: knownPattern('^0\\.[0-9]+$') }],
    webhook: serviceModel.webhook && {
      ...serviceModel.webhook,
      nodePools: [{ ...gpuPool, name: 'gpu-h100', nodeSelector: { pool: 'h100' } }],
      resources: { cpu: '8', memory: '16Gi', gpu: 2 },
    },
  },
  'embedded model, nothing of a request, no webhook, no words': {
    ...serviceModel,
    model: { kind: 'embedded', imagePath: '/opt/app/model', name: 'churn', version: '3' },
    dataSource: undefined,
    outputDestination: undefined,
    webhook: undefined,
    args: [],
    env: {},
    owner: undefined,
    description: undefined,
  },
};

describe('every object is emitted in the form that admission leaves unchanged', () => {
  it.each(Object.entries(variants))('service: %s', (_, service) => {
    for (const manifest of renderService(service, 'millrace-runtime-0123456789')) expect(admit(manifest)).toEqual(manifest);
  });

  it('namespace and cluster', () => {
    for (const manifest of [...renderNamespace(namespaceModel, 'runtime'), ...renderCluster([namespaceModel], [serviceModel])])
      expect(admit(manifest)).toEqual(manifest);
  });

  it('holds no empty value that Go would leave out', () => {
    const empty = /"(description|value|readOnly|optional|subPath)":(""|false|0)[,}]/;
    for (const service of Object.values(variants)) {
      for (const manifest of renderService(service, 'millrace-runtime-0123456789')) expect(JSON.stringify(manifest)).not.toMatch(empty);
    }
  });
});
