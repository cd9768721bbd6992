import { encodeConfig } from '../../contract/cluster-programs.js';
import { isFolder } from '../../base/object-path.js';
import { wholeBucket, type AllowedPrefix, type StepConfig, type StepConnection } from '../../contract/step-config.js';
import { jobProxy } from '../../resolve/proxy.js';
import type { ConnectionModel, DataReference, ServiceModel } from '../../model/model.js';

/** What the runtime of a service's jobs is told, as far as it is known when compiled. */
export function stepConfig(service: ServiceModel): StepConfig {
  const { namespace } = service;
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
      allowed: dataPrefixes(service),
      include: service.include,
      allowEmpty: service.allowEmpty,
    },
    output: {
      allowed: outputPrefixes(service),
      layout: service.layout,
    },
    validation: stepValidation(service),
    feedback: { ...namespace.feedbackSink, ...service.feedback },
  };
}

/** By name. */
export const stepConnections = ({ connections }: ServiceModel): StepConfig['connections'] =>
  Object.fromEntries(connections.map((connection) => [connection.name, stepConnection(connection)]));

/** Without those that another one covers: a folder stands for all that lies below it. */
const widest = (all: readonly AllowedPrefix[]): readonly AllowedPrefix[] =>
  all.filter(
    ({ connection, prefix }, index) =>
      !all.some(
        (other, at) =>
          at !== index && other.connection === connection && covers(other.prefix, prefix) && (at < index || !covers(prefix, other.prefix)),
      ),
  );

/** Where the data may come from: the service's own place, then what a request, a schedule or an arrival of data may choose. */
const dataPrefixes = ({ dataSource, webhook, schedules, events }: ServiceModel): readonly AllowedPrefix[] =>
  widest([
    ...ownPrefix(dataSource),
    ...(webhook?.dataSource ?? []),
    ...schedules.map((schedule) => schedule.dataSource.within),
    ...events.map(({ connection, prefix }) => ({ connection, prefix })),
  ]);

/** Where the results may go, likewise. */
const outputPrefixes = ({ outputDestination, webhook, schedules }: ServiceModel): readonly AllowedPrefix[] =>
  widest([...ownPrefix(outputDestination), ...(webhook?.outputDestination ?? []), ...schedules.map((schedule) => schedule.outputDestination.within)]);

const ownPrefix = (own: DataReference | undefined): readonly AllowedPrefix[] => (own ? [{ connection: own.connection.name, prefix: own.path }] : []);

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
