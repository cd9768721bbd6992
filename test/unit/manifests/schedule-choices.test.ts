/** The node pool and the resources that a schedule's request chooses, against a request to the webhook that chooses the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueOf, fillScheduledRun } from '../../../src/contract/scheduled-run.js';
import { sendRequest } from '../../../src/engine/triggers/listener.js';
import { ephemeralStorage } from '../../../src/manifests/job/volumes.js';
import { renderCluster, renderNamespace } from '../../../src/manifests/namespace.js';
import { scheduledRun } from '../../../src/manifests/schedules/cron-job.js';
import { renderService } from '../../../src/manifests/service.js';
import type { NodePoolModel, ResourcesModel, ScheduledResources, ScheduleModel, ServiceModel } from '../../../src/model/model.js';
import { gpuPool, namespaceModel, serviceModel } from '../../support/models.js';
import { jobBody, webhookOf, webhookUrl } from '../../support/requests.js';

const otherPool: NodePoolModel = { ...gpuPool, name: 'gpu-h100', nodeSelector: { zone: 'eu-1' } };
const [data, output] = [serviceModel.dataSource, serviceModel.outputDestination];
if (!data || !output) throw new Error('the service of tests has data and results');
const schedule: ScheduleModel = {
  name: 'nightly',
  cron: '0 2 * * *',
  timeZone: 'Etc/UTC',
  suspend: false,
  params: {},
  dataSource: { ...data, within: { connection: data.connection.name, prefix: data.path } },
  outputDestination: { ...output, within: { connection: output.connection.name, prefix: output.path } },
  nodePool: undefined,
  resources: undefined,
};

type Run = ReturnType<typeof fillScheduledRun>;
const specOf = (service: ServiceModel, chosen: Partial<ScheduleModel>): Run['spec'] =>
  fillScheduledRun(
    scheduledRun(service, { ...schedule, ...chosen }),
    dueOf({ name: 'fraud-scorer--nightly-29666666', uid: '' }, 'fraud-scorer--nightly', new Date(0)),
  ).spec;

const withoutChoices: ServiceModel = { ...serviceModel, nodePool: gpuPool, resources: { ...serviceModel.resources } };
const bounds = { cpu: '64', memory: '512Gi', gpu: 8 } as const;
const withChoices: ServiceModel = {
  ...withoutChoices,
  webhook: { ...webhookOf(serviceModel), nodePools: [gpuPool, otherPool], resources: bounds },
};

const cpu = fc.constantFrom('500m', '1', '2', '8', '64');
const memory = fc.constantFrom('512Mi', '8Gi', '32Gi');
const rank = (text: string | undefined): number => ['500m', '1', '2', '8', '64', '512Mi', '8Gi', '32Gi'].indexOf(text ?? '');
const asked: fc.Arbitrary<ScheduledResources> = fc
  .record({
    requests: fc.record({ cpu, memory }, { requiredKeys: [] }),
    limits: fc.record({ cpu, memory, gpu: fc.nat({ max: 8 }) }, { requiredKeys: [] }),
  })
  .filter(
    ({ requests, limits }) =>
      Object.keys({ ...requests, ...limits }).length > 0 &&
      (limits.cpu === undefined || rank(requests.cpu) <= rank(limits.cpu)) &&
      (limits.memory === undefined || rank(requests.memory) <= rank(limits.memory)),
  );
const ownResources: fc.Arbitrary<ResourcesModel> = fc.record({
  requests: fc.constant({ cpu: '1', memory: '8Gi' }),
  limits: fc.record({ cpu: fc.constantFrom(undefined, '2'), memory: fc.constant('8Gi'), gpu: fc.constantFrom(0, 1) }),
});

describe('what a schedule chooses', () => {
  it('makes the run that a request with the same choices makes', () => {
    fc.assert(
      fc.property(
        ownResources,
        fc.option(asked, { nil: undefined }),
        fc.constantFrom(undefined, gpuPool, otherPool),
        (resources, wanted, nodePool) => {
          const service = { ...withChoices, resources };
          const objects = [...renderNamespace(namespaceModel, 'runtime'), ...renderService(service, 'runtime')];
          const body = jobBody({ ...(wanted ? { resources: wanted } : {}), ...(nodePool ? { nodePool: nodePool.name } : {}) });
          const outcome = sendRequest(
            objects,
            { namespace: 'risk', trigger: service.name, caller: 'airflow' },
            { path: webhookUrl, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) },
          );
          if (outcome.kind === 'refused') throw new Error(outcome.refusal.sentence);
          const { params, ...requested } = outcome.taskRun['spec'] as Run['spec'];
          const { params: scheduled, ...spec } = specOf(service, { resources: wanted, nodePool });
          expect(spec).toEqual(requested);
          expect(scheduled.map(({ name }) => name)).toEqual(params.map(({ name }) => name));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same for what it names where the service takes no requests, and nothing is said of the rest', () => {
    const resourcesOf = (spec: Run['spec']): Readonly<Record<'limits' | 'requests', Readonly<Record<string, string>>>> => {
      const [only] = (spec['stepSpecs'] ?? []) as readonly {
        computeResources: Readonly<Record<'limits' | 'requests', Readonly<Record<string, string>>>>;
      }[];
      return only?.computeResources ?? { limits: {}, requests: {} };
    };
    fc.assert(
      fc.property(ownResources, asked, (resources, wanted) => {
        const closed = resourcesOf(specOf({ ...withoutChoices, webhook: undefined, resources }, { resources: wanted }));
        const open = resourcesOf(specOf({ ...withChoices, resources }, { resources: wanted }));
        const names = { cpu: ['cpu', 'ephemeral-storage'], memory: ['memory'], gpu: [gpuPool.gpuResource] };
        const given = (['cpu', 'memory', 'gpu'] as const)
          .filter((name) => name in wanted.requests || name in wanted.limits)
          .flatMap((name) => names[name]);
        for (const side of ['limits', 'requests'] as const)
          expect(closed[side]).toEqual(Object.fromEntries(Object.entries(open[side]).filter(([name]) => given.includes(name))));
      }),
    );
  });

  it('takes the labels of a chosen pool also where the service takes no requests', () => {
    const spec = specOf({ ...withoutChoices, webhook: undefined }, { nodePool: otherPool });
    expect(spec['podTemplate']).toMatchObject({ nodeSelector: { zone: 'eu-1' }, tolerations: gpuPool.tolerations, runtimeClassName: 'nvidia' });
    expect(spec['stepSpecs']).toBeUndefined();
  });

  it('changes nothing of the Task, the TriggerTemplate and the Trigger', () => {
    const chosen = { ...schedule, nodePool: otherPool, resources: { requests: { cpu: '4' }, limits: {} } };
    const others = (service: ServiceModel): string => JSON.stringify(renderService(service, 'runtime').filter(({ kind }) => kind !== 'CronJob'));
    expect(others({ ...withoutChoices, schedules: [chosen] })).toBe(others({ ...withoutChoices, schedules: [schedule] }));
  });

  it('is what the admission policy lets a run have', () => {
    const chosen: readonly ScheduleModel[] = [
      { ...schedule, nodePool: otherPool, resources: { requests: { cpu: '4' }, limits: { gpu: 2 } } },
      { ...schedule, name: 'weekly', resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '16Gi' } } },
    ];
    const policy = (schedules: readonly ScheduleModel[]): string =>
      JSON.stringify(renderCluster([{ ...namespaceModel, enforcement: 'enforce' }], [{ ...withoutChoices, webhook: undefined, schedules }]));
    expect(policy(chosen)).toContain(
      `'max cpu': '4', 'max ephemeral-storage': '${ephemeralStorage(withoutChoices)}', 'max memory': '16Gi', 'max nvidia.com/gpu': '2'`,
    );
    expect(policy(chosen)).toContain('eu-1');
    expect(policy([schedule])).not.toContain("'max cpu'");
  });
});
