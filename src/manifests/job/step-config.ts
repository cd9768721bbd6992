import { encodeConfig } from '../../contract/cluster-programs.js';
import { isFolder } from '../../base/object-path.js';
import { wholeBucket, type AllowedPrefix, type StepConfig, type StepConnection } from '../../contract/step-config.js';
import { jobProxy } from '../../resolve/proxy.js';
import type { ConnectionModel, DataReference, ServiceModel } from '../../model/model.js';

/** What the runtime of a service's jobs is told, as far as it is known when compiled. */
export function stepConfig(service: ServiceModel): StepConfig {
  const { namespace, webhook } = service;
  const proxy = jobProxy(service.connections);
  return {
    version: 1,
    service: {
      name: service.name,
      id: service.serviceId,
      team: namespace.team,
      namespace: namespace.namespace,
      image: service.image,
      ...(service.owner === undefined ? {} : { owner: service.owner }),
    },
    connections: stepConnections(service),
    ...(proxy ? { proxy } : {}),
    ...(service.params.length > 0 ? { params: Object.fromEntries(service.params.map(({ name, pattern }) => [name, pattern.source])) } : {}),
    model: stepModel(service),
    data: {
      allowed: withArrivals(service, withSchedules(service, 'dataSource', withOwn(service.dataSource, webhook?.dataSource ?? []))),
      include: service.include,
      allowEmpty: service.allowEmpty,
    },
    output: {
      allowed: withSchedules(service, 'outputDestination', withOwn(service.outputDestination, webhook?.outputDestination ?? [])),
      layout: service.layout,
    },
    validation: stepValidation(service),
    feedback: { ...namespace.feedbackSink, ...service.feedback },
  };
}

/** By name. */
export const stepConnections = ({ connections }: ServiceModel): StepConfig['connections'] =>
  Object.fromEntries(connections.map((connection) => [connection.name, stepConnection(connection)]));

/** The service's own place first, unless a request may choose it anyway. */
const withOwn = (own: DataReference | undefined, allowed: readonly AllowedPrefix[]): readonly AllowedPrefix[] =>
  !own || allowed.some(({ connection, prefix }) => connection === own.connection.name && prefix === own.path)
    ? allowed
    : [{ connection: own.connection.name, prefix: own.path }, ...allowed];

/** Then what schedules choose, unless that is allowed already. */
function withSchedules(
  { schedules }: ServiceModel,
  field: 'dataSource' | 'outputDestination',
  allowed: readonly AllowedPrefix[],
): readonly AllowedPrefix[] {
  const all = [...allowed];
  for (const { [field]: reference } of schedules) {
    const { connection, prefix } = reference.within;
    if (!all.some((each) => each.connection === connection && covers(each.prefix, prefix))) all.push(reference.within);
  }
  return all;
}

/** Then where data arrives, likewise. */
function withArrivals({ events }: ServiceModel, allowed: readonly AllowedPrefix[]): readonly AllowedPrefix[] {
  const all = [...allowed];
  for (const { connection, prefix } of events) {
    if (!all.some((each) => each.connection === connection && covers(each.prefix, prefix))) all.push({ connection, prefix });
  }
  return all;
}

const covers = (prefix: string, path: string): boolean =>
  prefix === wholeBucket || path === prefix || (isFolder(prefix) && path !== wholeBucket && path.startsWith(prefix));

/** The credentials are those of the connection's own kind of store: resolve made both from one spec. */
const stepConnection = ({ backend, credentials }: ConnectionModel): StepConnection =>
  ({ ...backend, credentials: stepCredentials(credentials) }) as StepConnection;

function stepCredentials(credentials: ConnectionModel['credentials']): StepConnection['credentials'] {
  switch (credentials.kind) {
    case 'secret':
      // The projected volume gives every key our own name; what the Secret calls it is for messages.
      return { kind: 'secret', name: credentials.secretName, keys: credentials.keys };
    case 'workloadIdentity':
      return credentials.identity;
    default:
      return credentials;
  }
}

/** A limit has no meaning where any invalid file fails the run; one from the team's file may stand beside a service's `fail`. */
const stepValidation = ({
  validation: { profile, framing, coercion, onInvalid, maxInvalidFiles, maxInvalidRatio, output },
}: ServiceModel): StepConfig['validation'] => ({
  profile,
  framing,
  coercion,
  onInvalid,
  ...(maxInvalidFiles === undefined || onInvalid === 'fail' ? {} : { maxInvalidFiles }),
  ...(maxInvalidRatio === undefined || onInvalid === 'fail' ? {} : { maxInvalidRatio }),
  output,
});

function stepModel({ model }: ServiceModel): StepConfig['model'] {
  if (model.kind === 'embedded') return model;
  const { connection, name, version, sha256, ...rest } = model;
  return {
    ...rest,
    connection: connection.name,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** Neither Tekton nor the kubelet finds anything to expand. */
export const encodeStepConfig = (config: StepConfig): string => encodeConfig(config);
