/** What is too small for any limit of a cluster, whatever its texts say, so that nothing has to be rendered to know it. */
import type { NamespaceModel, ServiceModel } from '../model/model.js';
import { servicesIn } from '../model/services-in.js';

/** Nothing that has at most so much passes a limit, however long each of its texts is: test/unit/manifests/limits.test.ts. */
export const small = {
  /** Of one service: folders that requests, schedules and events name; characters of its command, args and env. */
  service: { prefixes: 16, connections: 4, pools: 4, texts: 4096 },
  /** Of one namespace with an admission policy. */
  namespace: { services: 100, pools: 5 },
} as const;

/** Whether a service passes no limit of a cluster for sure. */
export function isSmallService({ webhook, schedules, events, connections, command, args, env }: ServiceModel): boolean {
  const { prefixes, connections: stores, pools, texts } = small.service;
  const named = (webhook?.dataSource.length ?? 0) + (webhook?.outputDestination.length ?? 0) + 2 * schedules.length + events.length;
  if (named > prefixes || connections.length > stores || (webhook?.nodePools.length ?? 0) > pools) return false;
  let characters = 0;
  for (const text of [...command, ...args]) characters += text.length;
  for (const name in env) characters += name.length + (env[name]?.length ?? 0);
  return characters <= texts;
}

/**
 * Whether the admission policy of a namespace passes none.
 *
 * @param all of every namespace
 */
export function isSmallNamespace(model: NamespaceModel, all: readonly ServiceModel[]): boolean {
  if (model.enforcement === undefined) return true;
  const services = servicesIn(model, all);
  const pools = services.flatMap(({ nodePool, webhook, schedules }) => [
    nodePool?.name,
    ...(webhook?.nodePools ?? []).map(({ name }) => name),
    ...schedules.map((schedule) => schedule.nodePool?.name),
  ]);
  return services.length <= small.namespace.services && new Set(pools.filter((name) => name !== undefined)).size <= small.namespace.pools;
}

/** Whether anything has to be rendered to know that a cluster takes it. */
export const mayPassLimits = (namespaces: readonly NamespaceModel[], services: readonly ServiceModel[]): boolean =>
  !services.every(isSmallService) || !namespaces.every((model) => isSmallNamespace(model, services));
