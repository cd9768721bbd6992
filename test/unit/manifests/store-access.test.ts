/** Identities, certificates and proxies: what the rclone steps are given, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import type { ConnectionModel, CredentialsModel, ServiceModel } from '../../../src/model/model.js';
import { parseStepConfig } from '../../../src/contract/parse-step-config.js';
import { jobProxy } from '../../../src/resolve/proxy.js';
import { admit } from '../../support/admission.js';
import { namespaceModel, s3Connection, serviceModel } from '../../support/models.js';

interface Step {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}
interface Spec {
  readonly steps: readonly Step[];
  readonly volumes: readonly { readonly name: string; readonly projected?: unknown }[];
}
const rcloneSteps = ['sync-data', 'sync-model', 'sync-output'];
const roleArn = 'arn:aws:iam::123456789012:role/batch/fraud';
const ofLibraries = /^(AWS|AZURE|GOOGLE|HTTP|HTTPS|NO|SSL)_/;
const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const audience = '//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/cluster';

const aws: CredentialsModel = {
  kind: 'workloadIdentity',
  name: 'fraud',
  shared: true,
  tokenAudience: 'sts.amazonaws.com',
  identity: { kind: 'workloadIdentity', roleArn },
};
const google: CredentialsModel = {
  ...aws,
  tokenAudience: `https:${audience}`,
  identity: { kind: 'workloadIdentity', audience, serviceAccount: 'batch@p.iam.gserviceaccount.com' },
};
const azure: CredentialsModel = {
  ...aws,
  tokenAudience: 'api://AzureADTokenExchange',
  identity: { kind: 'workloadIdentity', tenantId: uuid, clientId: uuid },
};

/** The service with other connections in the places of its own. */
function using(changes: Readonly<Partial<Record<'models' | 'raw' | 'results', Partial<ConnectionModel>>>>): ServiceModel {
  const connections = (['models', 'raw', 'results'] as const).map((name) => ({ ...s3Connection(name), ...changes[name] }));
  return { ...serviceModel, connections };
}
const specOf = (service: ServiceModel): Spec => renderTask(service, 'millrace-runtime-0123456789')['spec'] as unknown as Spec;
const stepOf = (service: ServiceModel, name: string): Step => {
  const found = specOf(service).steps.find((step) => step.name === name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
};
const envOf = (service: ServiceModel, name: string): Record<string, string> =>
  Object.fromEntries(stepOf(service, name).env.map((variable) => [variable.name, variable.value]));
const accountOf = (service: ServiceModel): unknown =>
  (renderTriggerTemplate(service)['spec'] as { resourcetemplates: { spec: { serviceAccountName: string } }[] }).resourcetemplates[0]?.spec
    .serviceAccountName;

const everything = using({
  models: { backend: { type: 'gcs', bucket: 'models' }, credentials: google },
  raw: {
    credentials: aws,
    backend: { type: 's3', bucket: 'raw', region: 'eu-central-1', ca: { name: 'company-ca', key: 'ca.crt' } },
    proxy: { url: 'http://proxy.example.com:3128', noProxy: ['.svc'] },
  },
  results: { backend: { type: 'azureblob', account: 'riskstore', container: 'results' }, credentials: azure },
});

describe('a service whose stores know it by an identity', () => {
  it('gives the rclone steps a token for each cloud, and no other step', () => {
    for (const { name, env, volumeMounts } of specOf(everything).steps) {
      const mounts = volumeMounts.map((mount) => mount.name).filter((mount) => ['identity', 'ca', 'credentials'].includes(mount));
      expect(mounts).toEqual(rcloneSteps.includes(name) ? ['identity', 'ca'] : name === 'configure-rclone' ? ['ca'] : []);
      // What the clouds' libraries ask for is a file beside rclone.conf, which the rclone steps alone can read.
      expect(env.filter((variable) => ofLibraries.test(variable.name))).toEqual([]);
    }
    expect(envOf(everything, 'configure-rclone')).toMatchObject({
      MILLRACE_IDENTITY: '/var/run/millrace/identity',
      MILLRACE_CA: '/var/run/millrace/ca',
    });
  });

  it('has tokens of an hour with the audience of each cloud, and certificates that may be missing', () => {
    const volumes = Object.fromEntries(specOf(everything).volumes.map((volume) => [volume.name, volume]));
    expect(volumes['identity']).toEqual({
      name: 'identity',
      projected: {
        defaultMode: 0o440,
        sources: [
          { serviceAccountToken: { audience: 'api://AzureADTokenExchange', expirationSeconds: 3600, path: 'azureblob' } },
          { serviceAccountToken: { audience: `https:${audience}`, expirationSeconds: 3600, path: 'gcs' } },
          { serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 's3' } },
        ],
      },
    });
    expect(volumes['ca']).toEqual({
      name: 'ca',
      projected: {
        defaultMode: 0o440,
        sources: [{ configMap: { name: 'company-ca', optional: true, items: [{ key: 'ca.crt', path: 'raw.crt' }] } }],
      },
    });
    expect(volumes['credentials']).toBeUndefined();
  });

  it('runs as the ServiceAccount of the identity, which the namespace has', () => {
    expect(accountOf(everything)).toBe('millrace-run-fraud');
    const accounts = renderNamespace({ ...namespaceModel, identities: ['fraud'] }, 'runtime').filter(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name.startsWith('millrace-run'),
    );
    expect(accounts.map(({ metadata }) => metadata.name)).toEqual(['millrace-run', 'millrace-run-fraud']);
    for (const account of accounts) {
      expect(account['automountServiceAccountToken']).toBe(false);
      // Nothing that makes a cloud's webhook give the identity to every container of the pod.
      expect(Object.keys(account.metadata.annotations ?? {}).filter((key) => !/^(argocd|kustomize)\./.test(key))).toEqual([]);
    }
  });

  it('is told to the runtime in a form that it takes', () => {
    const { value, problem } = parseStepConfig(envOf(everything, 'configure-rclone')['MILLRACE_CONFIG'] ?? '');
    expect(problem).toBeUndefined();
    expect(value?.proxy).toEqual({ url: 'http://proxy.example.com:3128', noProxy: ['.googleapis.com', '.svc', 'riskstore.blob.core.windows.net'] });
  });

  it('is emitted as admission leaves it', () => {
    const task = renderTask(everything, 'millrace-runtime-0123456789');
    expect(admit(task)).toEqual(task);
  });
});

it('gives nothing of it to a service with Secrets only, which runs as the ServiceAccount of all', () => {
  for (const { env, volumeMounts } of specOf(serviceModel).steps) {
    expect(env.filter(({ name }) => /^(AWS|AZURE|GOOGLE|HTTP|HTTPS|NO|SSL)_|^MILLRACE_(IDENTITY|CA)$/.test(name))).toEqual([]);
    expect(volumeMounts.filter(({ name }) => name === 'identity' || name === 'ca')).toEqual([]);
  }
  expect(accountOf(serviceModel)).toBe('millrace-run');
  expect(accountOf(using({ raw: { credentials: { kind: 'instance' } } }))).toBe('millrace-run');
});

describe('the proxy of a job', () => {
  const connection = (name: string, changes: Partial<ConnectionModel> = {}): ConnectionModel => ({ ...s3Connection(name), ...changes });
  const proxied = connection('raw', { proxy: { url: 'http://proxy.example.com:3128', noProxy: ['.svc'] } });

  it('is none where no connection has one', () => {
    expect(jobProxy([connection('raw')])).toBeUndefined();
  });

  it('leaves out the stores of connections that have none, by their hosts, and metadata servers', () => {
    const noProxy = (...others: readonly Partial<ConnectionModel>[]): unknown =>
      jobProxy([proxied, ...others.map((each) => connection('x', each))])?.noProxy;
    expect(noProxy()).toEqual(['.svc']);
    expect(noProxy({ backend: { type: 's3', bucket: 'b', region: 'r', endpoint: 'https://minio.example.com:9000' } })).toEqual([
      '.svc',
      'minio.example.com',
    ]);
    expect(noProxy({ backend: { type: 's3', bucket: 'b', region: 'r', endpoint: 'http://[fd00::1]:9000' } })).toEqual(['.svc', 'fd00::1']);
    expect(noProxy({ backend: { type: 'gcs', bucket: 'b' } })).toEqual(['.googleapis.com', '.svc']);
    expect(noProxy({ backend: { type: 'azureblob', account: 'a', container: 'c' } })).toEqual(['.svc', 'a.blob.core.windows.net']);
    expect(noProxy({ backend: { type: 's3', bucket: 'b', region: 'cn-north-1' } })).toEqual(['.amazonaws.com.cn', '.svc']);
    expect(jobProxy([{ ...proxied, credentials: { kind: 'instance' } }])?.noProxy).toEqual(['.svc', '169.254.0.0/16', 'metadata.google.internal']);
  });
});
