import type { StepBackend } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { connectionDefaults } from '../input/defaults.js';
import type { ConnectionSpec, PlatformTeam } from '../input/generated/types.js';
import type { ConnectionModel } from '../model/model.js';
import { resolveCredentials } from './credentials.js';
import type { ConnectionDefinition, Declared } from './definition.js';
import { parseEndpoint } from './endpoint.js';
import { at } from './place.js';
import { unknownTeams, type PlatformContext } from './platform.js';

/** A connection as references find it. */
export interface Connection {
  readonly definition: ConnectionDefinition;
  readonly model: ConnectionModel;
}

export const resolveConnection = (definition: ConnectionDefinition): Connection => ({
  definition,
  model: {
    name: definition.name,
    backend: backendOf(definition.spec),
    defaultPath: definition.spec.defaultPath,
    credentials: resolveCredentials(definition.spec),
    place: definition.place,
  },
});

function backendOf(spec: ConnectionSpec): StepBackend {
  const endpoint = spec.endpoint === undefined ? {} : { endpoint: parseEndpoint(spec.endpoint)?.origin ?? spec.endpoint };
  switch (spec.type) {
    case 's3':
      return { type: 's3', bucket: spec.bucket, region: spec.region, ...endpoint, pathStyle: spec.pathStyle ?? connectionDefaults.pathStyle };
    case 'gcs':
      return { type: 'gcs', bucket: spec.bucket, ...(spec.projectNumber === undefined ? {} : { projectNumber: spec.projectNumber }), ...endpoint };
    case 'azureblob':
      return { type: 'azureblob', account: spec.account, container: spec.container, ...endpoint };
  }
}

/** What Platform lets the connection be: the teams it is opened to, and the Secret and endpoint of a team's own one. */
export function connectionProblems(definition: ConnectionDefinition, platform: PlatformContext): readonly Diagnostic[] {
  const { spec, place, team: owner } = definition;
  const rules = spec.access ?? [];
  if (owner === undefined) return rules.flatMap(({ teams }, index) => unknownTeams(teams, at(place, 'access', index, 'teams'), platform.teams));
  const team = platform.teams.get(owner);
  return [
    ...rules.flatMap(({ teams }, index) =>
      teams.flatMap((name, position) =>
        name === owner ? [] : [diagnose('resolve/grant-to-another-team', at(place, 'access', index, 'teams', position), { owner, team: name })],
      ),
    ),
    // A folder that belongs to no team is reported once, by its own code.
    ...(team ? [...secretProblems(definition, team), ...endpointProblems(definition, team)] : []),
  ];
}

function secretProblems({ spec, place }: ConnectionDefinition, { value: team, place: declared }: Declared<PlatformTeam>): readonly Diagnostic[] {
  const secret = spec.credentials.secretRef?.name;
  const allowed = team.secrets ?? [];
  if (secret === undefined || allowed.some((pattern) => matchesSecret(secret, pattern))) return [];
  const related = [{ message: `team "${team.name}" is declared here`, where: at(declared, ...(team.secrets ? ['secrets'] : ['name'])) }];
  return [diagnose('resolve/secret-not-allowed', at(place, 'credentials', 'secretRef', 'name'), { secret, team: team.name, allowed }, { related })];
}

const matchesSecret = (name: string, pattern: string): boolean => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

function endpointProblems({ spec, place }: ConnectionDefinition, { value: team, place: declared }: Declared<PlatformTeam>): readonly Diagnostic[] {
  if (spec.endpoint === undefined) return [];
  const wanted = parseEndpoint(spec.endpoint)?.origin;
  const allowed = team.endpoints ?? [];
  // An endpoint that is none is reported by its own code.
  if (wanted === undefined || allowed.some((endpoint) => parseEndpoint(endpoint)?.origin === wanted)) return [];
  const related = [{ message: `team "${team.name}" is declared here`, where: at(declared, ...(team.endpoints ? ['endpoints'] : ['name'])) }];
  return [diagnose('resolve/endpoint-not-allowed', at(place, 'endpoint'), { endpoint: wanted, team: team.name, allowed }, { related })];
}
