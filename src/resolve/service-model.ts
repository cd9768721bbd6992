import { assertInvariant } from '../base/assert.js';
import { parseDuration } from '../base/duration.js';
import { knownPattern } from '../base/pattern.js';
import { bytesOf, canonicalCpu, canonicalQuantity } from '../base/quantity.js';
import { serviceDefaults } from '../input/defaults.js';
import type { ScheduleResources } from '../input/generated/types.js';
import type {
  ArrivalModel,
  DataReference,
  ModelSourceModel,
  ResourcesModel,
  ScheduledResources,
  ScheduleModel,
  ServiceModel,
  StorageModel,
} from '../model/model.js';
import type { ResolvedArrival } from './events.js';
import { modelFormOf } from './model-source.js';
import { modelPathOf, replaceVariables } from './predictor-paths.js';
import type { Reference } from './references.js';
import { isSuspended, prefixOf, timeZoneOf, type ResolvedSchedule } from './schedules.js';
import type { ResolvedService } from './service.js';
import type { FilledService } from './service-defaults.js';
import { rcloneBandwidth } from './transfers.js';

/** The model of a service in which neither resolving nor a check found an error: it cannot fail, unless we are wrong. */
export function serviceModel(service: ResolvedService): ServiceModel {
  const { definition, context, filled, dataSource, outputDestination } = service;
  const { name, spec, place } = definition;
  return {
    name,
    serviceId: spec.serviceId ?? name,
    owner: filled.owner,
    description: spec.description,
    namespace: context.model,
    image: spec.image,
    command: spec.command,
    args: replaceVariables(spec.args ?? [], modelPathOf(spec.modelSource)),
    env: Object.fromEntries(Object.entries(spec.env ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    params: params(service),
    model: modelSource(service),
    dataSource: dataSource && dataReference(dataSource),
    include: spec.dataSource?.include ?? serviceDefaults.include,
    allowEmpty: spec.dataSource?.allowEmpty ?? serviceDefaults.allowEmpty,
    outputDestination: outputDestination && dataReference(outputDestination),
    layout: spec.outputDestination?.layout ?? serviceDefaults.layout,
    webhook: service.webhook,
    schedules: service.schedules.map(scheduleModel),
    events: service.events.map(arrivalModel),
    connections: service.connections.map(({ model }) => model),
    validation: validation(filled),
    feedback: feedback(filled),
    resources: resources(filled),
    nodePool: service.nodePool,
    localQueue: service.localQueue,
    storage: storage(filled),
    transfers: transfers(filled),
    timeouts: {
      predictor: understood(parseDuration(filled.timeouts.predictor.value)),
      sync: understood(parseDuration(filled.timeouts.sync.value)),
      wait: understood(parseDuration(filled.timeouts.wait.value)),
    },
    retries: spec.retries ?? serviceDefaults.retries,
    labels: Object.fromEntries(Object.entries(filled.labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    place,
  };
}

function understood<T>(value: T | undefined): T {
  assertInvariant(value !== undefined, 'a value that every check let pass cannot be understood');
  return value;
}

const params = ({ definition }: ResolvedService): ServiceModel['params'] =>
  Object.entries(definition.spec.params ?? {})
    .map(([name, { default: value, pattern }]) => ({ name, default: value, pattern: knownPattern(pattern) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const dataReference = ({ connection, path }: Reference): DataReference => ({ connection: connection.model, path });

function scheduleModel(scheduled: ResolvedSchedule): ScheduleModel {
  const { schedule, dataSource, outputDestination, nodePool } = scheduled;
  const [data, output] = [understood(dataSource), understood(outputDestination)];
  return {
    name: schedule.name,
    cron: schedule.cron,
    timeZone: timeZoneOf(schedule),
    suspend: isSuspended(scheduled),
    params: Object.fromEntries(Object.entries(schedule.request?.params ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    dataSource: { ...dataReference(data), within: prefixOf(data) },
    outputDestination: { ...dataReference(output), within: prefixOf(output) },
    nodePool,
    resources: schedule.request?.resources && scheduledResources(schedule.request.resources),
  };
}

/** Nothing at all is the service's own. */
function scheduledResources({ requests = {}, limits = {} }: ScheduleResources): ScheduledResources | undefined {
  if (Object.keys({ ...requests, ...limits }).length === 0) return undefined;
  const amounts = ({ cpu, memory }: typeof requests): ScheduledResources['requests'] => ({
    ...(cpu === undefined ? {} : { cpu: understood(canonicalCpu(cpu)) }),
    ...(memory === undefined ? {} : { memory: understood(canonicalQuantity(memory)) }),
  });
  return { requests: amounts(requests), limits: { ...amounts(limits), ...(limits.gpu === undefined ? {} : { gpu: limits.gpu }) } };
}

function arrivalModel({ event: { name, caller, marker }, sends, connection, prefix }: ResolvedArrival): ArrivalModel {
  const { backend } = connection.model;
  assertInvariant(backend.type === 's3', 'events are those of an S3 store');
  return { name, caller, sends, connection: connection.definition.name, bucket: backend.bucket, prefix, marker: marker ?? serviceDefaults.marker };
}

function modelSource({ definition, modelSource: remote }: ResolvedService): ModelSourceModel {
  const source = definition.spec.modelSource;
  if ('imagePath' in source) return { kind: 'embedded', imagePath: source.imagePath, name: source.name, version: source.version };
  const { name, version } = source;
  const { connection, path } = understood(remote);
  return { kind: 'remote', connection: connection.model, path, form: understood(modelFormOf(path)), name, version, sha256: source.sha256 };
}

const resources = ({ resources: { requests, limits } }: FilledService): ResourcesModel => ({
  requests: { cpu: understood(canonicalCpu(requests.cpu.value)), memory: understood(canonicalQuantity(requests.memory.value)) },
  limits: {
    cpu: limits.cpu && understood(canonicalCpu(limits.cpu.value)),
    memory: understood(canonicalQuantity(limits.memory.value)),
    gpu: limits.gpu.value,
  },
});

const transfers = ({ transfers: { parallel, bandwidth, retries, connectTimeout, idleTimeout } }: FilledService): ServiceModel['transfers'] => ({
  parallel,
  bandwidth: bandwidth === undefined ? undefined : understood(rcloneBandwidth(bandwidth)),
  retries,
  connectTimeoutSeconds: understood(parseDuration(connectTimeout)),
  idleTimeoutSeconds: understood(parseDuration(idleTimeout)),
});

const storage = ({ storage: { data, model, output, tmp, shm, class: storageClass } }: FilledService): StorageModel => ({
  data: understood(canonicalQuantity(data.value)),
  model: understood(canonicalQuantity(model.value)),
  output: understood(canonicalQuantity(output.value)),
  tmp: understood(canonicalQuantity(tmp.value)),
  shm: shm && understood(canonicalQuantity(shm.value)),
  class: storageClass,
});

function feedback({ feedback: { input, output, payload, inlineLimit } }: FilledService): ServiceModel['feedback'] {
  if (payload === 'reference') return { input, output, payload: { kind: 'reference' } };
  return { input, output, payload: { kind: 'inline', limit: understood(bytesOf(inlineLimit.value)) } };
}

const validation = ({ validation }: FilledService): ServiceModel['validation'] => {
  const { profile, framing, coercion, onInvalid, maxInvalidFiles, maxInvalidRatio, outputOnInvalid } = validation;
  return {
    profile,
    framing,
    coercion,
    onInvalid: onInvalid.value,
    maxInvalidFiles: maxInvalidFiles?.value,
    maxInvalidRatio: maxInvalidRatio?.value,
    output: { onInvalid: outputOnInvalid },
  };
};
