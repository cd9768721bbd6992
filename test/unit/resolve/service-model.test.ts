import { describe, expect, it } from 'vitest';
import { renderTask } from '../../../src/manifests/job/task.js';
import { parseQuantity } from '../../../src/base/quantity.js';
import type { InferenceServiceSpec } from '../../../src/input/generated/types.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { modelFormOf } from '../../../src/resolve/model-source.js';
import { replaceVariables } from '../../../src/resolve/predictor-paths.js';
import { serviceModel } from '../../../src/resolve/service-model.js';
import { resolveService, type ResolvedService } from '../../../src/resolve/service.js';
import { runTimeoutSeconds, stepTimeouts } from '../../../src/resolve/step-timeouts.js';
import { sizedVolumes } from '../../../src/resolve/storage.js';
import { rcloneBandwidth } from '../../../src/resolve/transfers.js';
import { connection, context, platform, service } from '../../support/definitions.js';

const pool = { name: 'gpu', teams: ['risk'], nodeSelector: { pool: 'a100' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] } as const;
const here = context({
  platform: platform({
    nodePools: [pool],
    queues: [{ name: 'batch', localQueue: 'batch-queue', teams: ['risk'] }],
    feedback: { sink: 'objectStorage' },
  }),
  connections: [connection('store', { defaultPath: 'landing/' }, 'risk'), connection('models', { access: [{ teams: ['risk'], modes: ['read'] }] })],
});
const resolved = (more: Partial<InferenceServiceSpec> = {}): ResolvedService => resolveService(service(more), here)[0];
const model = (more: Partial<InferenceServiceSpec> = {}): ServiceModel => serviceModel(resolved(more));

describe('the model of a service', () => {
  it('has every default', () => {
    expect(model()).toMatchObject({
      serviceId: 'scorer',
      owner: undefined,
      args: [],
      env: {},
      include: ['*.json'],
      allowEmpty: false,
      layout: 'exact',
      webhook: undefined,
      validation: {
        profile: 'spec',
        framing: 'document',
        coercion: 'refuse',
        onInvalid: 'fail',
        maxInvalidFiles: undefined,
        maxInvalidRatio: undefined,
        output: { onInvalid: 'fail' },
      },
      feedback: { input: true, output: true, payload: { kind: 'reference' } },
      resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: undefined, memory: '2Gi', gpu: 0 } },
      nodePool: undefined,
      localQueue: undefined,
      storage: { data: '10Gi', model: '5Gi', output: '10Gi', tmp: '1Gi', shm: undefined, class: undefined },
      transfers: { parallel: 8, bandwidth: undefined, retries: 2, connectTimeoutSeconds: 15, idleTimeoutSeconds: 120 },
      timeouts: { predictor: 3600, sync: 1800, wait: 3600 },
      retries: 0,
      labels: {},
    });
  });

  it('may be a folder with a digest, and leave its name to the model', () => {
    const sha256 = 'b'.repeat(64);
    expect(model({ modelSource: { connection: 'models', path: 'a/1.4/', sha256 } }).model).toMatchObject({
      form: 'directory',
      sha256,
      name: undefined,
      version: undefined,
    });
  });

  it('has how data is moved in seconds and in units of rclone', () => {
    const transfers = { parallel: 64, bandwidth: '20Mi', retries: 0, connectTimeout: '5m', idleTimeout: '1h' };
    expect(model({ transfers }).transfers).toEqual({
      parallel: 64,
      bandwidth: '20M',
      retries: 0,
      connectTimeoutSeconds: 300,
      idleTimeoutSeconds: 3600,
    });
  });

  it('has what is referred to, whole', () => {
    const whole = model({
      modelSource: { connection: 'models', path: 'a/b.tar.gz', name: 'm', version: '2', sha256: 'b'.repeat(64) },
      dataSource: { connection: 'store' },
      nodePool: 'gpu',
      queue: 'batch',
    });
    expect(whole.model).toMatchObject({ kind: 'remote', path: 'a/b.tar.gz', form: 'tar.gz', connection: { name: 'models' }, sha256: 'b'.repeat(64) });
    expect(whole.dataSource).toMatchObject({ path: 'landing/', connection: { name: 'store', backend: { type: 's3', pathStyle: true } } });
    expect(whole.connections.map(({ name }) => name)).toEqual(['models', 'store']);
    expect(whole.nodePool).toEqual({
      name: 'gpu',
      nodeSelector: { pool: 'a100' },
      tolerations: [{ key: 'gpu', operator: 'Exists' }],
      runtimeClass: undefined,
      gpuResource: 'nvidia.com/gpu',
    });
    expect(whole.localQueue).toBe('batch-queue');
    expect(whole.namespace).toMatchObject({
      team: 'risk',
      namespace: 'risk',
      webhookPath: '/risk/api/v1/batch/job',
      feedbackSink: { sink: 'objectStorage', compression: 'none' },
      manageNamespace: true,
    });
  });

  it('has the order of an author nowhere', () => {
    expect(Object.keys(model({ env: { B: '1', A: '2' } }).env)).toEqual(['A', 'B']);
  });

  it('has the paths of variables in its arguments', () => {
    expect(model({ args: ['--model', '$(ODAHU_MODEL)', '$(ODAHU_INPUT_PATH)', '$(ODAHU_MODEL_OUTPUT)', '--x=$5'] }).args).toEqual([
      '--model',
      '/opt/app/model',
      '/mnt/job/input',
      '/mnt/job/output',
      '--x=$5',
    ]);
    expect(replaceVariables(['$(ODAHU_MODEL_PATH)', '$(toString)'], '/mnt/job/model')).toEqual(['/mnt/job/model', '$(toString)']);
  });
});

it.each([
  ['models/1/', 'directory'],
  ['m.zip', 'zip'],
  ['a.b/m.tar.gz', 'tar.gz'],
  ['m.tgz', 'tar.gz'],
  ['m.tar', 'tar'],
  ['m.7z', undefined],
  ['m.gz', undefined],
  ['m.ZIP', undefined],
  ['models/.zip', undefined],
])('what lies at %s: %s', (path, form) => {
  expect(modelFormOf(path)).toBe(form);
});

it.each([
  ['20Mi', '20M'],
  ['1Gi', '1G'],
  ['20M', '20000000B'],
  ['1500Ki', '1500K'],
  ['1', '1B'],
  ['0', undefined],
  ['100m', undefined],
  ['fast', undefined],
])('%s a second is %s for rclone', (text, expected) => {
  expect(rcloneBandwidth(text)).toBe(expected);
});

it('the timeout of a run is that of its steps and its wait', () => {
  const timeouts = { predictor: 3600, sync: 1800, wait: 3600 };
  expect(stepTimeouts(timeouts)).toMatchObject({
    'configure-rclone': 120,
    'sync-data': 1800,
    'validate-input': 1800,
    'log-input': 600,
    'user-container': 3600,
  });
  expect(runTimeoutSeconds(timeouts)).toBe(Object.values(stepTimeouts(timeouts)).reduce((sum, seconds) => sum + seconds, 3600));
});

describe('the storage that counts against a ceiling is that of the volumes of the Task', () => {
  /** Those whose size a service gives; where a job has no use for one, it is there with a size of ours. */
  const sized = ['data', 'model', 'model-raw', 'output', 'publish', 'tmp'];
  const ours = '1Mi';
  const nano = (text: string): bigint => parseQuantity(text)?.nano ?? 0n;

  it.each([
    ['an embedded model', { imagePath: '/opt/app/model', name: 'm', version: '1' }],
    ['a folder', { connection: 'models', path: 'm/', name: 'm', version: '1' }],
    ['an archive', { connection: 'models', path: 'm.zip', name: 'm', version: '1' }],
  ])('%s', (_, modelSource) => {
    const each = resolved({ modelSource, storage: { data: '7Gi', model: '3Gi', output: '11Gi', tmp: '2Gi' } });
    const volumes = (renderTask(serviceModel(each), 'runtime')['spec'] as { volumes: { name: string; emptyDir?: { sizeLimit: string } }[] }).volumes;
    const inTask = volumes.filter(({ name, emptyDir }) => sized.includes(name) && emptyDir?.sizeLimit !== ours);
    expect(sizedVolumes(each.definition, each.filled).reduce((sum, { size, times }) => sum + nano(size.value) * BigInt(times), 0n)).toBe(
      inTask.reduce((sum, { emptyDir }) => sum + nano(emptyDir?.sizeLimit ?? '0'), 0n),
    );
  });
});
