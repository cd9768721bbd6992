import type { Path } from '../../diagnostics/diagnostic.js';
import type { ServiceModel } from '../../model/model.js';

/** A field of a service that can be long, and the service without what it holds. */
interface Part {
  readonly path: Path;
  readonly without: (service: ServiceModel) => ServiceModel;
}

const withoutChoice = (field: 'dataSource' | 'outputDestination' | 'nodePools'): Part => ({
  path: ['spec', 'triggers', 'webhook', 'overrides', field],
  without: (service) => (service.webhook ? { ...service, webhook: { ...service.webhook, [field]: [] } } : service),
});

/** In the order in which they are blamed where two take the same. */
const parts: readonly Part[] = [
  withoutChoice('dataSource'),
  withoutChoice('outputDestination'),
  withoutChoice('nodePools'),
  { path: ['spec', 'triggers', 'schedules'], without: (service) => ({ ...service, schedules: [] }) },
  { path: ['spec', 'triggers', 'events'], without: (service) => ({ ...service, events: [] }) },
  { path: ['spec', 'params'], without: (service) => ({ ...service, params: [] }) },
  { path: ['spec', 'dataSource', 'include'], without: (service) => ({ ...service, include: ['*'] }) },
  { path: ['spec', 'args'], without: (service) => ({ ...service, args: [] }) },
  { path: ['spec', 'env'], without: (service) => ({ ...service, env: {} }) },
  { path: ['spec', 'command'], without: (service) => ({ ...service, command: [] }) },
];

/** A field, and how much of what is measured would not be there without it. */
export interface LargestPart {
  readonly path: Path;
  readonly size: number;
}

/** The field that takes most of what `measure` counts; connections count for the field that alone names them. */
export function largestPart(service: ServiceModel, measure: (service: ServiceModel) => number): LargestPart {
  const whole = measure(service);
  return parts
    .map(({ path, without }) => ({ path, size: whole - measure(withUsedConnections(without(service))) }))
    .reduce((largest, part) => (part.size > largest.size ? part : largest));
}

function withUsedConnections(service: ServiceModel): ServiceModel {
  const { model, dataSource, outputDestination, webhook, schedules, events } = service;
  const used = new Set([
    ...(model.kind === 'remote' ? [model.connection.name] : []),
    ...[dataSource, outputDestination].flatMap((reference) => reference?.connection.name ?? []),
    ...[...(webhook?.dataSource ?? []), ...(webhook?.outputDestination ?? []), ...events].map(({ connection }) => connection),
    ...schedules.flatMap((schedule) => [schedule.dataSource.connection.name, schedule.outputDestination.connection.name]),
  ]);
  return { ...service, connections: service.connections.filter(({ name }) => used.has(name)) };
}
