import { describe, expect, it } from 'vitest';
import { parseStepConfig } from '../../../src/contract/parse-step-config.js';
import { emitYaml } from '../../../src/emit/yaml.js';
import { encodeStepConfig, stepConfig } from '../../../src/manifests/job/step-config.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import type { ConnectionModel, ServiceModel, WorkloadIdentityModel } from '../../../src/model/model.js';
import { namespaceModel, s3Connection, serviceModel } from '../../support/models.js';

const runtime = 'millrace-runtime-0123456789';
const sizeOf = (service: ServiceModel): number => Buffer.byteLength(emitYaml(renderTask(service, runtime)));
const budget = 16 * 1024;

it('keeps the Task within 16 KiB, since every run stores a copy of it', () => {
  expect(sizeOf(serviceModel)).toBeLessThanOrEqual(budget);
});

it('keeps the Trigger small: every event is compared with all of them', () => {
  expect(emitYaml(renderTrigger(serviceModel)).length).toBeLessThanOrEqual(6 * 1024);
});

describe('a service that uses all that a store can need', () => {
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const audience = '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/company/providers/production';
  const ca = { name: 'company-ca', key: 'ca.crt' };
  const identity = (tokenAudience: string, of: WorkloadIdentityModel['identity']): WorkloadIdentityModel => ({
    kind: 'workloadIdentity',
    name: 'fraud',
    shared: true,
    tokenAudience,
    identity: of,
  });
  const connection = (name: string, backend: ConnectionModel['backend'], credentials: ConnectionModel['credentials']): ConnectionModel => ({
    ...s3Connection(name),
    backend: { ...backend, ca },
    credentials,
    proxy: { url: 'http://proxy.example.com:3128', noProxy: ['.svc', '198.51.100.0/24'] },
  });
  const sse = { type: 'aws:kms', keyId: `arn:aws:kms:eu-central-1:123456789012:key/${uuid}` } as const;
  const roleArn = 'arn:aws:iam::123456789012:role/batch/fraud-scorer';
  const connections = [
    connection(
      'models',
      { type: 'gcs', bucket: 'company-models', projectNumber: '123456789012', storageClass: 'NEARLINE', quotaProject: 'risk-batch' },
      identity(`https:${audience}`, { kind: 'workloadIdentity', audience, serviceAccount: 'batch@company.iam.gserviceaccount.com' }),
    ),
    connection(
      'raw',
      { type: 's3', bucket: 'company-raw', region: 'eu-central-1', sse, storageClass: 'STANDARD_IA', requesterPays: true },
      identity('sts.amazonaws.com', { kind: 'workloadIdentity', roleArn }),
    ),
    connection(
      'results',
      { type: 'azureblob', account: 'companyresults', container: 'company-results', tier: 'cool' },
      identity('api://AzureADTokenExchange', { kind: 'workloadIdentity', tenantId: uuid, clientId: uuid }),
    ),
  ];
  const secret = { kind: 'Secret', name: 'fluentd', key: 'shared_key' } as const;
  const full: ServiceModel = {
    ...serviceModel,
    connections,
    namespace: {
      ...namespaceModel,
      feedbackSink: {
        sink: 'fluentd',
        host: 'fluentd.logging.svc',
        port: 24224,
        tls: true,
        delivery: 'required',
        giveUpSeconds: 60,
        secret,
        ca: { kind: 'ConfigMap', ...ca },
      },
    },
    validation: { ...serviceModel.validation, onInvalid: 'quarantine', maxInvalidFiles: 100, output: { onInvalid: 'quarantine' } },
    transfers: { parallel: 16, bandwidth: '50M', retries: 4, connectTimeoutSeconds: 30, idleTimeoutSeconds: 300 },
  };

  it('has a Task within 16 KiB: three clouds with their identities, authorities, a proxy, quarantine, a feedback sink', () => {
    expect(parseStepConfig(encodeStepConfig(stepConfig(full))).problem).toBeUndefined();
    expect(sizeOf(full)).toBeLessThanOrEqual(budget);
  });

  it('adds to the Task of its environment what is its own, once', () => {
    // Volumes for tokens and certificates, and each step's mounts of them, are the rest.
    const roles = emitYaml(renderTask(full, runtime)).split(roleArn).length - 1;
    const proxies = emitYaml(renderTask(full, runtime)).split('proxy.example.com').length - 1;
    expect([roles, proxies]).toEqual([1, 1]);
  });
});
