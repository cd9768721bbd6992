import { describe, expect, it } from 'vitest';
import type { FeedbackSink } from '../../../src/contract/feedback.js';
import { parseStepConfig } from '../../../src/contract/parse-step-config.js';
import { stepEnv } from '../../../src/contract/paths.js';
import { readTask, type Task } from '../../../src/engine/run/task.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

const withSink = (feedbackSink: FeedbackSink, feedback: Partial<ServiceModel['feedback']> = {}): ServiceModel => ({
  ...serviceModel,
  namespace: { ...namespaceModel, feedbackSink },
  feedback: { ...serviceModel.feedback, ...feedback },
});
interface Spec {
  readonly volumes: readonly { readonly name: string; readonly projected?: unknown; readonly emptyDir?: { readonly sizeLimit: string } }[];
  readonly steps: readonly { readonly name: string; readonly computeResources: { readonly limits?: Readonly<Record<string, string>> } }[];
}
const specOf = (service: ServiceModel): Spec => renderTask(service, 'runtime')['spec'] as Spec;
const taskOf = (service: ServiceModel): Task => readTask(renderTask(service, 'runtime'));

const fluentd: FeedbackSink = {
  sink: 'fluentd',
  delivery: 'required',
  giveUpSeconds: 60,
  host: 'fluentd.example.com',
  port: 24224,
  tls: true,
  secret: { kind: 'Secret', name: 'fluentd', key: 'key' },
  ca: { kind: 'ConfigMap', name: 'company-ca', key: 'ca.pem' },
};

describe("a sink's Secret and certificates", () => {
  it('are seen by the two steps that send records, and by no other', () => {
    const task = taskOf(withSink(fluentd));
    const seeing = task.steps.filter(({ mounts }) => mounts.some(({ volume }) => volume === 'sink'));
    expect(seeing.map(({ name }) => name)).toEqual(['log-input', 'log-output']);
    for (const { mounts, env } of seeing) {
      expect(mounts.find(({ volume }) => volume === 'sink')).toEqual({
        volume: 'sink',
        mountPath: '/var/run/millrace/sink',
        subPath: '',
        readOnly: true,
      });
      expect(env).toContainEqual({ name: stepEnv.sink, value: '/var/run/millrace/sink' });
    }
  });

  it('are optional, so that a missing one is said rather than waited for', () => {
    expect(specOf(withSink(fluentd)).volumes.find(({ name }) => name === 'sink')?.projected).toEqual({
      defaultMode: 0o440,
      sources: [
        { secret: { name: 'fluentd', optional: true, items: [{ key: 'key', path: 'secret' }] } },
        { configMap: { name: 'company-ca', optional: true, items: [{ key: 'ca.pem', path: 'ca.crt' }] } },
      ],
    });
  });

  it.each<[string, ServiceModel]>([
    [
      'the sink needs none',
      withSink({ sink: 'fluentd', delivery: 'required', giveUpSeconds: 60, host: 'fluentd.example.com', port: 24224, tls: false }),
    ],
    ['the service sends nothing', withSink(fluentd, { input: false, output: false })],
    ['there is no sink', withSink({ sink: 'none' })],
  ])('are not mounted where %s', (_, service) => {
    const task = taskOf(service);
    expect(task.volumes.map(({ name }) => name)).not.toContain('sink');
    expect(JSON.stringify(task)).not.toContain(stepEnv.sink);
  });
});

it('the runtime is told of the sink what it needs, and takes it', () => {
  const service = withSink(fluentd, { payload: { kind: 'inline', limit: 65_536 } });
  const config = taskOf(service).steps[0]?.env.find(({ name }) => name === stepEnv.config)?.value ?? '';
  expect(parseStepConfig(config).value?.feedback).toEqual({ ...fluentd, input: true, output: true, payload: { kind: 'inline', limit: 65_536 } });
});

it.each<[string, ServiceModel, string]>([
  ['references', withSink({ sink: 'objectStorage', compression: 'none' }), '1Gi'],
  ['text that is sent', withSink(fluentd, { payload: { kind: 'inline', limit: 1024 } }), '1Gi'],
  ['text of requests and responses', withSink({ sink: 'objectStorage', compression: 'gzip' }, { payload: { kind: 'inline', limit: 1024 } }), '81Gi'],
  ['text of requests', withSink({ sink: 'objectStorage', compression: 'none' }, { output: false, payload: { kind: 'inline', limit: 1024 } }), '41Gi'],
])('there is room for records with %s', (_, service, size) => {
  const { volumes, steps } = specOf(service);
  expect(volumes.find(({ name }) => name === 'report')?.emptyDir?.sizeLimit).toBe(size);
  // The rest of the volumes on disk: data, model, output, publish and tmp; then model-raw, control and helper-tmp.
  const all = (Number(size.replace('Gi', '')) + 66) * 1024 + 1 + 16 + 256;
  const limits = steps.find(({ name }) => name === 'user-container')?.computeResources.limits;
  expect(limits?.['ephemeral-storage']).toBe(`${String(all)}Mi`);
});

it('the predictor runs where log-input says so', () => {
  const steps = new Map(taskOf(serviceModel).steps.map((step) => [step.name, step]));
  expect(steps.get('user-container')?.when).toEqual([{ input: '$(steps.log-input.results.run)', operator: 'in', values: ['yes'] }]);
  expect(steps.get('log-input')?.results).toEqual(['run']);
});
