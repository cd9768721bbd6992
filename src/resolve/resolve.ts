import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { NamespaceModel } from '../model/model.js';
import { connectionProblems } from './connection-access.js';
import { identityNames, indexConnections } from './connections.js';
import type { Definitions } from './definitions.js';
import { resolveNamespace, type NamespaceContext } from './namespace.js';
import { connectionsByTeam, secretNameProblems, secretsOf } from './namespace-secrets.js';
import { at } from './place.js';
import { resolvePlatform, type PlatformContext } from './platform.js';
import { secretFileProblems, unusedSecretFiles } from './secret-files.js';
import { resolveService, type ResolvedService } from './service.js';
import { duplicateServiceIds } from './service-ids.js';

export interface Resolved {
  /** Undefined where Platform was not understood: then nothing can be referred to. */
  readonly platform: PlatformContext | undefined;
  /** One per declared team, sorted by name of the namespace. */
  readonly namespaces: readonly NamespaceModel[];
  readonly services: readonly ResolvedService[];
}

/** Joins all definitions: what each refers to, what it may use, and what may be there only once. */
export function resolve(definitions: Definitions): readonly [Resolved, readonly Diagnostic[]] {
  const [connections, connectionDuplicates] = indexConnections(definitions.connections, definitions.broken.connections, definitions.secretFiles);
  const everywhere = [...connectionDuplicates, ...duplicateServiceIds(definitions.services)];
  if (!definitions.platform) return [{ platform: undefined, namespaces: [], services: [] }, everywhere];

  const [platform, platformProblems] = resolvePlatform(definitions.platform);
  const defaults = new Map(definitions.teams.map((team) => [team.name, team]));
  const contexts = new Map(
    [...platform.teams].map(([name, team]): [string, NamespaceContext] => {
      const model = resolveNamespace(platform, team, connections);
      return [name, { platform, team, model, defaults: defaults.get(name), defaultsBroken: definitions.broken.teams.has(name), connections }];
    }),
  );
  const resolved = definitions.services.flatMap((service) => {
    const context = contexts.get(service.team);
    return context ? [resolveService(service, context)] : [];
  });
  const services = withWhatIsInUse(resolved.map(([service]) => service));
  const narrowed = new Map(services.map(({ context }) => [context.model.team, context.model]));
  return [
    {
      platform,
      namespaces: [...contexts.values()]
        .map(({ model }) => narrowed.get(model.team) ?? { ...model, callers: [], sharedCallers: [] })
        .sort((a, b) => (a.namespace < b.namespace ? -1 : 1)),
      services,
    },
    [
      ...everywhere,
      ...platformProblems,
      ...undeclaredTeams(definitions, platform),
      ...connections.all.flatMap((connection) => [
        ...connectionProblems(connection, platform),
        ...secretFileProblems(connection, definitions.secretFiles, platform),
      ]),
      ...unusedSecretFiles(definitions),
      ...secretNameProblems(services, platform),
      ...unknownServices(definitions, platform),
      ...resolved.flatMap(([, problems]) => problems),
    ],
  ];
}

/**
 * A listener exists, and takes requests of a caller, only where some service wants them; likewise the account of schedules
 * and those of identities.
 */
function withWhatIsInUse(services: readonly ResolvedService[]): readonly ResolvedService[] {
  const used = new Map<string, { readonly callers: Set<string>; readonly shared: Set<string>; readonly identities: Set<string> }>();
  const scheduled = new Set<string>();
  const connectionsOf = connectionsByTeam(services);
  for (const { context, webhook, schedules, events, connections } of services) {
    if (schedules.length > 0) scheduled.add(context.model.team);
    const { callers, shared, identities } = used.get(context.model.team) ?? { callers: new Set(), shared: new Set(), identities: new Set() };
    used.set(context.model.team, { callers, shared, identities });
    for (const caller of webhook?.callers ?? []) {
      callers.add(caller);
      if (webhook?.listener === 'shared') shared.add(caller);
    }
    for (const identity of identityNames(connections)) identities.add(identity);
    for (const { event } of events) {
      callers.add(event.caller);
      shared.add(event.caller);
    }
  }
  const contexts = new Map<string, NamespaceContext>();
  return services.map((service) => {
    const { team, callers } = service.context.model;
    const context = contexts.get(team) ?? {
      ...service.context,
      model: {
        ...service.context.model,
        callers: callers.filter(({ name }) => used.get(team)?.callers.has(name)),
        sharedCallers: [...(used.get(team)?.shared ?? [])].sort(),
        hasSchedules: scheduled.has(team),
        secrets: secretsOf(connectionsOf.get(team) ?? [], service.context.model.namespace),
        identities: [...(used.get(team)?.identities ?? [])].sort(),
      },
    };
    contexts.set(team, context);
    return { ...service, context };
  });
}

/** Folders below services/ that are no team's: once for each, at its first file. */
function undeclaredTeams({ teams, connections, services }: Definitions, platform: PlatformContext): readonly Diagnostic[] {
  const files = [
    ...teams.map(({ name, place }) => ({ team: name, place })),
    ...connections.flatMap(({ team, place }) => (team === undefined ? [] : [{ team, place }])),
    ...services,
  ].filter(({ team }) => !platform.teams.has(team));
  const first = new Map<string, (typeof files)[number]>();
  for (const file of files) {
    const known = first.get(file.team);
    if (!known || file.place.file < known.place.file) first.set(file.team, file);
  }
  return [...first.values()].map(({ team, place }) =>
    diagnose(
      'resolve/undeclared-team-folder',
      { file: place.file, path: [...place.path.slice(0, -1), 'metadata', 'name'] },
      {
        team,
        known: [...platform.teams.keys()],
      },
    ),
  );
}

/** Callers of a single service that is not there. */
function unknownServices({ services, broken }: Definitions, platform: PlatformContext): readonly Diagnostic[] {
  const known = new Set([...services.map(({ team, name }) => `${team}/${name}`), ...broken.services]);
  return [...platform.callers.values()].flatMap(({ value, place }) =>
    value.services.flatMap((pattern, index) => {
      const [team, service] = pattern.split('/', 2);
      if (service === undefined || service === '*' || team === undefined || !platform.teams.has(team) || known.has(pattern)) return [];
      return [diagnose('resolve/unknown-service', at(place, 'services', index), { service: pattern, known: [...known] })];
    }),
  );
}
