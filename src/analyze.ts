import { checkArrivalCycles } from './check/arrival-cycle.js';
import { withoutConsequences } from './check/consequences.js';
import { checkDefinitions } from './check/definitions.js';
import { checkStoresReachable } from './check/network.js';
import { checkResolvedService } from './check/service.js';
import { checkSharedDestinations } from './check/shared-destination.js';
import { hasErrors, isSpan, type Diagnostic, type Span } from './diagnostics/diagnostic.js';
import { platformFile } from './input/locate-kind.js';
import { firstOfEachFile } from './input/most-shown.js';
import type { NamespaceModel, ServiceModel } from './model/model.js';
import { readDefinitions } from './read-definitions.js';
import { resolve } from './resolve/resolve.js';
import type { ResolvedService } from './resolve/service.js';
import { serviceModel } from './resolve/service-model.js';
import type { FileSystem } from './source/file-system.js';
import { coverFile } from './source/cover-secrets.js';
import { hideFound, isMadeOf } from './source/hide-found.js';
import { locateAll } from './source/locate.js';

/** What the definitions say, and what is wrong with them. */
export interface Analysis {
  /** Sorted by file, line, column, code; every `where` is a Span. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every definition file that was read, by path, for the renderers: what may be a secret is covered where something is printed of the file. */
  readonly sources: ReadonlyMap<string, string>;
  /** What was understood, as far as it was; complete where there is no error. */
  readonly namespaces: readonly NamespaceModel[];
  readonly services: readonly ServiceModel[];
}

/** All of {@link compile} but its output: a module of its own, because `check` need not load what makes manifests. */
export function analyze(fileSystem: FileSystem): Analysis {
  const { definitions, holes, sources, diagnostics: inputProblems } = readDefinitions(fileSystem);
  const [resolved, resolveProblems] = resolve(definitions);
  const checkProblems = [
    ...checkDefinitions(definitions),
    ...onceForTeam(resolved.services),
    ...checkSharedDestinations(resolved.services),
    ...checkArrivalCycles(resolved.services),
    ...checkStoresReachable(resolved),
  ];
  const furtherProblems = [...resolveProblems, ...withoutRepeated(checkProblems, inputProblems)];
  const diagnostics = [...inputProblems, ...firstOfEachFile(withoutConsequences(furtherProblems, holes), inputProblems)];
  const located = diagnostics.length > 0 ? withoutSecrets(locateAll(diagnostics, sources), sources) : [];
  const understood = hasErrors(located) ? withoutErrors(resolved.services, located) : resolved.services;
  return {
    diagnostics: located,
    sources: toShow(sources, located),
    namespaces: holes.has(platformFile) ? [] : resolved.namespaces,
    services: understood.map(serviceModel),
  };
}

/** What else is wrong with a value that is a key is said without the key, and without a hint that would be made of it. */
function withoutSecrets(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const spans = diagnostics.flatMap(({ code, where }) => (code === 'source/secret' && where && isSpan(where) ? [where] : []));
  const keys = spans.map(({ file, start, end }) => (sources.get(file) ?? '').slice(start, end));
  const withoutHint = (diagnostic: Diagnostic): Diagnostic => {
    const { code, where, hint } = diagnostic;
    if (code === 'source/secret' || !where || !isSpan(where) || hint === undefined) return diagnostic;
    const isThere = ({ file, start, end }: Span): boolean => file === where.file && start < where.end && where.start < end;
    return spans.some((span, index) => isThere(span) && isMadeOf(keys[index] ?? '', hint)) ? { ...diagnostic, hint: undefined } : diagnostic;
  };
  return keys.length === 0 ? diagnostics : hideFound(diagnostics.map(withoutHint), keys);
}

/** What a team's own file causes is found with each of its services: once is enough. */
function onceForTeam(services: readonly ResolvedService[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return services.flatMap((service) =>
    checkResolvedService(service).filter(({ code, where }) => {
      if (!where || where.file === service.definition.place.file) return true;
      const identity = JSON.stringify([code, where]);
      return !seen.has(identity) && seen.add(identity);
    }),
  );
}

function toShow(sources: ReadonlyMap<string, string>, diagnostics: readonly Diagnostic[]): ReadonlyMap<string, string> {
  const shown = new Map(sources);
  const files = diagnostics.flatMap(({ where, related }) => [where?.file, ...related.map((each) => each.where.file)]);
  for (const file of new Set(files)) {
    const text = file === undefined ? undefined : sources.get(file);
    if (file !== undefined && text !== undefined) shown.set(file, coverFile(file, text));
  }
  return shown;
}

/** Characters that were found when a file was read are found again in its values: once is enough. */
function withoutRepeated(problems: readonly Diagnostic[], known: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Set(known.filter(({ code }) => characterCodes.has(code)).map(({ where }) => where?.file));
  return files.size === 0 ? problems : problems.filter(({ code, where }) => code !== 'check/unsafe-character' || !files.has(where?.file));
}

const characterCodes: ReadonlySet<string> = new Set(['source/unsafe-character', 'source/tab', 'source/carriage-return']);

/** Services that neither have an error nor depend on a file that has one. */
function withoutErrors(services: readonly ResolvedService[], diagnostics: readonly Diagnostic[]): readonly ResolvedService[] {
  const broken = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ where }) => where?.file));
  return services.filter(({ definition, context, connections, complete }) => {
    const places = [
      definition,
      context.platform.definition,
      ...(context.defaults ? [context.defaults] : []),
      ...connections.map((each) => each.definition),
    ];
    return complete && !broken.has(undefined) && !context.defaultsBroken && places.every(({ place }) => !broken.has(place.file));
  });
}
