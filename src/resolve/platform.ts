import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { noCaller } from '../contract/paths.js';
import type { Caller, NodePool, PlatformTeam, Queue } from '../input/generated/types.js';
import type { Declared, PlatformDefinition } from './definition.js';
import { sendsJobs } from './callers.js';
import { indexByName } from './duplicates.js';
import { at } from './place.js';

/** What Platform declares, by name, for everyone who refers to it. */
export interface PlatformContext {
  readonly definition: PlatformDefinition;
  readonly teams: ReadonlyMap<string, Declared<PlatformTeam>>;
  readonly nodePools: ReadonlyMap<string, Declared<NodePool>>;
  readonly queues: ReadonlyMap<string, Declared<Queue>>;
  readonly callers: ReadonlyMap<string, DeclaredCaller>;
}

export interface DeclaredCaller extends Declared<Caller> {
  /** Its `services`, for a look-up per service instead of a search. */
  readonly patterns: ReadonlySet<string>;
}

/** Never without a context: what has a problem of its own can still be referred to, so that nothing follows from it. */
export function resolvePlatform(definition: PlatformDefinition): readonly [PlatformContext, readonly Diagnostic[]] {
  const { spec, place } = definition;
  const [teams, teamProblems] = indexByName('team', spec.teams, at(place, 'teams'));
  const [nodePools, poolProblems] = indexByName('node pool', spec.nodePools ?? [], at(place, 'nodePools'));
  const [queues, queueProblems] = indexByName('queue', spec.queues ?? [], at(place, 'queues'));
  const [declaredCallers, callerProblems] = indexByName('caller', spec.webhook?.callers ?? [], at(place, 'webhook', 'callers'));
  const callers = new Map([...declaredCallers].map(([name, caller]) => [name, { ...caller, patterns: new Set(caller.value.services) }]));
  const context = { definition, teams, nodePools, queues, callers };
  return [
    context,
    [
      ...teamProblems,
      ...poolProblems,
      ...queueProblems,
      ...callerProblems,
      ...sharedNamespaces(teams),
      ...reservedCallers(callers),
      ...signedEvents(callers),
      ...[...nodePools.values(), ...queues.values()].flatMap(({ value, place: item }) => unknownTeams(value.teams, at(item, 'teams'), teams)),
      ...[...callers.values()].flatMap(({ value, place: item }) => unknownTeamsOfCaller(value, item, teams)),
    ],
  ];
}

/** Default: the team's name. */
export const namespaceOf = ({ name, namespace }: PlatformTeam): string => namespace ?? name;

const namespacePlace = ({ value, place }: Declared<PlatformTeam>): Place => at(place, value.namespace === undefined ? 'name' : 'namespace');

function sharedNamespaces(teams: PlatformContext['teams']): readonly Diagnostic[] {
  const owners = new Map<string, Declared<PlatformTeam>>();
  return [...teams.values()].flatMap((team) => {
    const namespace = namespaceOf(team.value);
    const owner = owners.get(namespace);
    owners.set(namespace, owner ?? team);
    if (!owner) return [];
    const related = [{ message: `the namespace of team "${owner.value.name}"`, where: namespacePlace(owner) }];
    return [diagnose('resolve/shared-namespace', namespacePlace(team), { namespace, team: team.value.name, owner: owner.value.name }, { related })];
  });
}

function reservedCallers(callers: PlatformContext['callers']): readonly Diagnostic[] {
  const reserved = callers.get(noCaller);
  return reserved ? [diagnose('resolve/reserved-caller', at(reserved.place, 'name'), { name: noCaller })] : [];
}

/** No store signs its events as callers sign jobs. */
const signedEvents = (callers: PlatformContext['callers']): readonly Diagnostic[] =>
  [...callers.values()].flatMap((caller) =>
    sendsJobs(caller) || caller.value.auth === 'token'
      ? []
      : [
          diagnose(
            'resolve/events-without-token',
            at(caller.place, 'auth'),
            { sends: String(caller.value.sends) },
            {
              related: [{ message: 'what it sends', where: at(caller.place, 'sends') }],
            },
          ),
        ],
  );

/** Teams that a list names and Platform does not declare. */
export function unknownTeams(names: readonly string[], list: Place, teams: PlatformContext['teams']): readonly Diagnostic[] {
  return names.flatMap((team, position) =>
    teams.has(team) ? [] : [diagnose('resolve/unknown-team', at(list, position), { team, known: [...teams.keys()] })],
  );
}

function unknownTeamsOfCaller({ services }: Caller, place: Place, teams: PlatformContext['teams']): readonly Diagnostic[] {
  return services.flatMap((pattern, position) => {
    const team = pattern.split('/', 1)[0] ?? '';
    if (pattern === '*' || teams.has(team)) return [];
    return [diagnose('resolve/unknown-team', at(place, 'services', position), { team, known: [...teams.keys()] })];
  });
}
