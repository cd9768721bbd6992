import { isFolder } from '../base/object-path.js';
import type { AllowedPrefix } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import type { OverrideRule } from '../input/generated/types.js';
import type { NodePoolModel, ServiceModel } from '../model/model.js';
import type { Mode } from './access.js';
import { mayCall, sendsJobs } from './callers.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import type { NamespaceContext } from './namespace.js';
import { at, atKey } from './place.js';
import { resolvePoolChoices } from './pool-choices.js';
import { accessProblems, findConnection, type Reference } from './references.js';

export interface ResolvedWebhook {
  /** Undefined: no webhook. */
  readonly webhook: ServiceModel['webhook'];
  /** Connections that a request may select, besides those of the service itself. */
  readonly connections: readonly Connection[];
  /** Every connection that its overrides name was found. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const fields = ['dataSource', 'outputDestination'] as const;
type Field = (typeof fields)[number];
/** What a team must be allowed for a field. */
export const modes = { dataSource: 'read', outputDestination: 'write' } as const satisfies Record<Field, Mode>;

export type OwnReferences = Readonly<Record<Field, Reference | undefined>>;

/** Who may start a service by request, and what a request may change. */
export function resolveWebhook(
  service: ServiceDefinition,
  own: OwnReferences,
  nodePool: NodePoolModel | undefined,
  context: NamespaceContext,
): ResolvedWebhook {
  const { spec } = service;
  const enabled = spec.triggers?.webhook?.enabled ?? serviceDefaults.webhookEnabled;
  const hasWebhook = context.platform.definition.spec.webhook !== undefined;
  if (!enabled || !hasWebhook) {
    const diagnostics = enabled
      ? [diagnose('resolve/webhook-not-configured', webhookPlace(service), {})]
      : // Schedules and events that leave something open have a code of their own.
        spec.triggers?.schedules?.length || spec.triggers?.events?.length
        ? []
        : fields.flatMap((field) => leftOpen(service, field));
    return { webhook: undefined, connections: [], complete: true, diagnostics };
  }
  const [callers, callerProblems] = resolveCallers(service, context);
  const data = resolveOverrides(service, 'dataSource', own, context);
  const output = resolveOverrides(service, 'outputDestination', own, context);
  const nodePools = resolvePoolChoices(service, nodePool, context);
  return {
    webhook: {
      callers,
      dataSource: data.allowed,
      outputDestination: output.allowed,
      nodePools: nodePools.pools,
      resources: boundsOf(spec.triggers?.webhook?.overrides?.resources),
      listener: spec.triggers?.webhook?.listener ?? serviceDefaults.listener,
      requireRequestId: context.model.requireRequestId || (own.outputDestination?.path.includes('{requestId}') ?? false),
    },
    connections: [...data.connections, ...output.connections],
    complete: data.complete && output.complete,
    diagnostics: [...callerProblems, ...data.diagnostics, ...output.diagnostics, ...nodePools.diagnostics],
  };
}

/** No bound at all is the same as none. */
const boundsOf = (resources: OverrideBounds): OverrideBounds => (resources && Object.keys(resources).length > 0 ? resources : undefined);
type OverrideBounds = NonNullable<ServiceModel['webhook']>['resources'];

/** The deepest key that is there. */
function webhookPlace({ spec, place }: ServiceDefinition, field?: 'callers'): ReturnType<typeof at> {
  const { triggers } = spec;
  if (!triggers) return { ...place, target: 'key' };
  if (!triggers.webhook) return atKey(place, 'triggers');
  return field && triggers.webhook[field] ? at(place, 'triggers', 'webhook', field) : atKey(place, 'triggers', 'webhook');
}

/** Without a webhook nobody can give what the service leaves open. */
function leftOpen(service: ServiceDefinition, field: Field): readonly Diagnostic[] {
  return service.spec[field] ? [] : [diagnose('resolve/request-without-webhook', atKey(service.place, 'triggers', 'webhook', 'enabled'), { field })];
}

function resolveCallers(service: ServiceDefinition, { platform, model }: NamespaceContext): readonly [readonly string[], readonly Diagnostic[]] {
  const { team } = model;
  const allowed = [...platform.callers.values()]
    .filter((caller) => sendsJobs(caller) && mayCall(caller, team, service.name))
    .map(({ value }) => value.name);
  const given = service.spec.triggers?.webhook?.callers;
  const problems = (given ?? []).flatMap((caller, index) => {
    const place = at(service.place, 'triggers', 'webhook', 'callers', index);
    const declared = platform.callers.get(caller);
    if (!declared) return [diagnose('resolve/unknown-caller', place, { caller, known: allowed })];
    if (allowed.includes(caller)) return [];
    if (!sendsJobs(declared)) {
      const where = at(declared.place, 'sends');
      return [diagnose('resolve/caller-sends-events', place, { caller, known: allowed }, { related: [{ message: 'what it sends', where }] })];
    }
    const related = [{ message: 'what it may call is declared here', where: at(declared.place, 'services') }];
    return [diagnose('resolve/caller-not-allowed', place, { caller, service: `${team}/${service.name}`, known: allowed }, { related })];
  });
  const callers = [...new Set(given ?? allowed)].sort();
  if (callers.length > 0) return [callers, problems];
  return [
    callers,
    [diagnose('resolve/webhook-without-caller', webhookPlace(service, 'callers'), { service: `${team}/${service.name}`, known: allowed })],
  ];
}

interface ResolvedOverrides {
  readonly allowed: readonly AllowedPrefix[];
  readonly connections: readonly Connection[];
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

function resolveOverrides(service: ServiceDefinition, field: Field, own: OwnReferences, context: NamespaceContext): ResolvedOverrides {
  const rules = service.spec.triggers?.webhook?.overrides?.[field];
  if (!service.spec[field] && !rules?.length) {
    const place = rules ? at(service.place, 'triggers', 'webhook', 'overrides', field) : webhookPlace(service);
    return { allowed: [], connections: [], complete: true, diagnostics: [diagnose('resolve/missing-override', place, { field })] };
  }
  if (!rules) return { allowed: field === 'dataSource' ? belowOwn(own.dataSource) : [], connections: [], complete: true, diagnostics: [] };
  const resolved = rules.map((rule, index) => resolveRule(service, field, rule, index, context));
  return {
    allowed: sortedRules(rules),
    connections: resolved.flatMap(([connection]) => connection ?? []),
    complete: resolved.every(([connection]) => connection !== undefined),
    diagnostics: resolved.flatMap(([, problems]) => problems),
  };
}

/** Unless the service says otherwise, a request may choose any folder or file below the service's own folder. */
const belowOwn = (own: Reference | undefined): readonly AllowedPrefix[] =>
  own && isFolder(own.path) ? [{ connection: own.connection.definition.name, prefix: own.path }] : [];

function resolveRule(
  service: ServiceDefinition,
  field: Field,
  rule: OverrideRule,
  index: number,
  context: NamespaceContext,
): readonly [Connection | undefined, readonly Diagnostic[]] {
  const place = at(service.place, 'triggers', 'webhook', 'overrides', field, index);
  const [connection, problems] = findConnection(rule.connection, at(place, 'connection'), context);
  if (!connection) return [undefined, problems];
  return [connection, accessProblems({ connection, path: rule.prefix }, at(place, 'prefix'), modes[field], context)];
}

/** Sorted and without repetitions, so that the order in the file changes nothing. */
function sortedRules(rules: readonly OverrideRule[]): readonly AllowedPrefix[] {
  const keyed = new Map(rules.map(({ connection, prefix }) => [`${connection}\n${prefix}`, { connection, prefix }]));
  return [...keyed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}
