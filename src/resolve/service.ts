import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { NodePoolModel } from '../model/model.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import { resolveArrivals, type ResolvedArrival } from './events.js';
import type { NamespaceContext } from './namespace.js';
import { jobConnectionProblems } from './job-connections.js';
import { at } from './place.js';
import { resolveNodePool, resolveQueue } from './pools.js';
import { resolveReference, type Reference } from './references.js';
import { resolveSchedules, type ResolvedSchedule } from './schedules.js';
import { fillDefaults, type FilledService } from './service-defaults.js';
import { resolveWebhook, type ResolvedWebhook } from './webhook.js';

/** A service with everything it refers to. Fit for a model where it is complete and no check found an error. */
export interface ResolvedService {
  readonly definition: ServiceDefinition;
  readonly context: NamespaceContext;
  readonly filled: FilledService;
  /** Undefined: embedded in the image, or not found. */
  readonly modelSource: Reference | undefined;
  readonly dataSource: Reference | undefined;
  readonly outputDestination: Reference | undefined;
  readonly webhook: ResolvedWebhook['webhook'];
  /** Sorted by name. */
  readonly schedules: readonly ResolvedSchedule[];
  /** Sorted by name. */
  readonly events: readonly ResolvedArrival[];
  /** Every connection that a run may use, sorted by name. */
  readonly connections: readonly Connection[];
  readonly nodePool: NodePoolModel | undefined;
  readonly localQueue: string | undefined;
  /** Everything it refers to was found. A connection whose file was not understood is not found, and no error says so here. */
  readonly complete: boolean;
}

/** `risk/fraud-scorer`: how a service is named where there are others. */
export const qualifiedName = ({ context, definition }: ResolvedService): string => `${context.model.team}/${definition.name}`;

/** Finds what a service refers to and goes on after every problem, so that one run shows all of them. */
export function resolveService(definition: ServiceDefinition, context: NamespaceContext): readonly [ResolvedService, readonly Diagnostic[]] {
  const { spec, place } = definition;
  const filled = fillDefaults(definition, context.defaults);
  const [modelSource, modelProblems] =
    'imagePath' in spec.modelSource ? none : resolveReference(spec.modelSource, at(place, 'modelSource'), 'read', context);
  const [dataSource, dataProblems] = spec.dataSource ? resolveReference(spec.dataSource, at(place, 'dataSource'), 'read', context) : none;
  const [outputDestination, outputProblems] = spec.outputDestination
    ? resolveReference(spec.outputDestination, at(place, 'outputDestination'), 'write', context)
    : none;
  const [nodePool, poolProblems] = resolveNodePool(filled.nodePool, context);
  const webhook = resolveWebhook(definition, { dataSource, outputDestination }, nodePool, context);
  const schedules = resolveSchedules(definition, { dataSource, outputDestination }, nodePool, context);
  const events = resolveArrivals(definition, { dataSource, outputDestination }, context);
  const [localQueue, queueProblems] = resolveQueue(filled.queue, context);
  const own = [modelSource, dataSource, outputDestination].flatMap((reference) => reference?.connection ?? []);
  const connections = sortedByName([...own, ...webhook.connections, ...schedules.connections, ...events.events.map(({ connection }) => connection)]);
  return [
    {
      definition,
      context,
      filled,
      modelSource,
      dataSource,
      outputDestination,
      webhook: webhook.webhook,
      schedules: schedules.schedules,
      events: events.events,
      connections,
      nodePool,
      localQueue,
      complete:
        webhook.complete &&
        schedules.complete &&
        events.complete &&
        own.length ===
          [spec.dataSource, spec.outputDestination, 'imagePath' in spec.modelSource ? undefined : spec.modelSource].filter(Boolean).length,
    },
    [
      ...modelProblems,
      ...dataProblems,
      ...outputProblems,
      ...webhook.diagnostics,
      ...schedules.diagnostics,
      ...events.diagnostics,
      ...jobConnectionProblems(definition, connections, context.model.namespace),
      ...poolProblems,
      ...queueProblems,
    ],
  ];
}

const none = [undefined, []] as const;

/** One of each: a name means one connection within a team. */
const sortedByName = (connections: readonly Connection[]): readonly Connection[] =>
  [...new Map(connections.map((connection) => [connection.definition.name, connection])).values()].sort((a, b) =>
    a.definition.name < b.definition.name ? -1 : 1,
  );
