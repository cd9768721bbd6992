import { assertInvariant } from '../base/assert.js';
import { strongComponents } from '../base/strong-components.js';
import { wholeBucket } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ResolvedArrival } from '../resolve/events.js';
import { qualifiedName, type ResolvedService } from '../resolve/service.js';
import { arrivalPlace, isStartedByResults } from './arrival.js';
import { destinationPlace } from './destination.js';
import { storeOf } from './store.js';

/**
 * Services whose results start each other in a circle, through whatever connections to one bucket. Only runs that an arrival
 * has started count, and they choose nothing: what they write, and where, is certain. A service that starts itself has a code
 * of its own.
 */
export function checkArrivalCycles(services: readonly ResolvedService[]): readonly Diagnostic[] {
  const graph = graphOf(services);
  const components = strongComponents(graph.successors);
  const first = new Map<number, number>();
  graph.services.forEach((_, node) => {
    const component = components[node] ?? 0;
    if (!first.has(component)) first.set(component, node);
  });
  return [...first].flatMap(([component, start]) => {
    const cycle = shortestCycle(graph, start, (node) => components[node] === component);
    return cycle ? [report(graph, cycle)] : [];
  });
}

/**
 * Nodes are services, in the order of their files, and after them folders in which data arrives. A service leads to the
 * innermost folder that takes its results, a folder to the next one around it, and to the services that it starts. So there
 * are few edges even where everybody listens to a whole bucket.
 */
interface Graph {
  readonly services: readonly ResolvedService[];
  readonly successors: readonly (readonly number[])[];
  /** By node of a folder, less the number of services: what arrives there. */
  readonly arrivals: readonly ReadonlyMap<number, ResolvedArrival>[];
}

function graphOf(all: readonly ResolvedService[]): Graph {
  const services = all
    .filter(({ events, outputDestination }) => outputDestination && events.some(isStartedByResults))
    .sort((a, b) => (a.definition.place.file < b.definition.place.file ? -1 : 1));
  const folders = new Map<string, number>();
  const successors: number[][] = services.map(() => []);
  const arrivals: Map<number, ResolvedArrival>[] = [];
  const places: { readonly store: string; readonly prefix: string }[] = [];
  services.forEach(({ events }, service) => {
    for (const arrival of events.filter(isStartedByResults)) {
      const place = { store: storeOf(arrival.connection), prefix: arrival.prefix };
      const node = folders.get(keyOf(place)) ?? successors.push([]) - 1;
      if (!folders.has(keyOf(place))) {
        folders.set(keyOf(place), node);
        places.push(place);
        arrivals.push(new Map());
      }
      const started = arrivals[node - services.length];
      if (started?.has(service)) continue;
      started?.set(service, arrival);
      successors[node]?.push(service);
    }
  });
  const lead = (from: number, store: string, path: string): void => {
    const prefix = foldersAround(path).find((each) => folders.has(keyOf({ store, prefix: each })));
    const to = prefix === undefined ? undefined : folders.get(keyOf({ store, prefix }));
    if (to !== undefined) successors[from]?.push(to);
  };
  services.forEach(({ outputDestination }, service) => {
    if (outputDestination) lead(service, storeOf(outputDestination.connection), outputDestination.path);
  });
  places.forEach(({ store, prefix }, index) => {
    if (prefix !== wholeBucket) lead(services.length + index, store, prefix.slice(0, -1));
  });
  return { services, successors, arrivals };
}

const keyOf = ({ store, prefix }: { readonly store: string; readonly prefix: string }): string => `${store} ${prefix}`;

/** The folder itself where `path` ends in `/`, and those around it, the innermost first; the last is the whole bucket. */
const foldersAround = (path: string): readonly string[] => [
  ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)).reverse(),
  wholeBucket,
];

/** A way through the graph, from its end. */
interface Step {
  readonly node: number;
  /** Whether another service than the first one is on it. */
  readonly byOthers: boolean;
  readonly before: Step | undefined;
}

/** Nodes from `start` back to it, by at least one other service; undefined: there is no such way. */
function shortestCycle({ services, successors }: Graph, start: number, isInside: (node: number) => boolean): readonly number[] | undefined {
  // A folder that was reached without another service may be needed once more after one.
  const reached = { direct: new Set<number>(), byOthers: new Set<number>() };
  const queue: Step[] = [{ node: start, byOthers: false, before: undefined }];
  for (const step of queue) {
    for (const node of successors[step.node] ?? []) {
      if (node === start && step.byOthers) return [...wayTo(step), start];
      const byOthers = step.byOthers || node < services.length;
      const known = byOthers ? reached.byOthers : reached.direct;
      if (node === start || !isInside(node) || known.has(node)) continue;
      known.add(node);
      queue.push({ node, byOthers, before: step });
    }
  }
  return undefined;
}

function wayTo(end: Step): readonly number[] {
  const way: number[] = [];
  for (let step: Step | undefined = end; step; step = step.before) way.push(step.node);
  return way.reverse();
}

function report({ services, arrivals }: Graph, cycle: readonly number[]): Diagnostic {
  const legs = cycle.flatMap((node, index) => {
    const [service, arrival] = [services[node], arrivals[(cycle[index - 1] ?? 0) - services.length]?.get(node)];
    return service && arrival ? [{ service, arrival }] : [];
  });
  const writers = [services[cycle[0] ?? 0], ...legs.map(({ service }) => service)];
  const related = legs.flatMap(({ service, arrival }, index) => {
    const writer = writers[index];
    assertInvariant(writer, 'every leg of a cycle begins with a service');
    const writes = { message: `results of ${qualifiedName(writer)} go here`, where: destinationPlace(writer.definition) };
    // The last one is what the whole problem points at.
    return index === legs.length - 1
      ? [writes]
      : [writes, { message: `their arrival starts ${qualifiedName(service)}`, where: arrivalPlace(arrival) }];
  });
  const last = legs.at(-1);
  assertInvariant(last, 'a cycle has legs');
  return diagnose(
    'check/arrival-cycle',
    arrivalPlace(last.arrival),
    { services: writers.flatMap((each) => (each ? [qualifiedName(each)] : [])) },
    { related },
  );
}
