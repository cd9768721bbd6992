/** What a Platform lets a connection be. All of it is denied unless the Platform lists it. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';
import { connectionDefaults } from '../input/defaults.js';
import type { PlatformTeam } from '../input/generated/types.js';
import type { CredentialsModel } from '../model/model.js';
import { resolveCredentials } from './credentials.js';
import type { Connection } from './connection.js';
import type { ConnectionDefinition, Declared } from './definition.js';
import { parseEndpoint } from './endpoint.js';
import { at } from './place.js';
import { remoteKeys } from './secret-source.js';
import { unknownTeams, type PlatformContext } from './platform.js';

/** What Platform lets the connection be: the teams it is opened to, and the Secrets, identities and endpoints of a team's own one. */
export function connectionProblems(connection: Connection, platform: PlatformContext): readonly Diagnostic[] {
  const { definition } = connection;
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
    ...(team
      ? [
          ...secretProblems(connection, team),
          ...storeProblems(definition, team),
          ...identityProblems(definition, team),
          ...endpointProblems(definition, team),
        ]
      : []),
  ];
}

/** A Secret that the connection names, or that its files make: it would replace one of that name. */
function secretProblems({ definition, files }: Connection, team: Declared<PlatformTeam>): readonly Diagnostic[] {
  const { spec, place } = definition;
  const mode = spec.credentials.sealedSecret ? 'sealedSecret' : 'sops';
  const ref = spec.credentials.secretRef;
  const used: readonly (readonly [string, Path])[] = [
    ...(ref ? [[ref.name, ['secretRef', 'name']] as const] : []),
    ...(files[0] ? [[files[0].name, [mode, 'files', 0]] as const] : []),
  ];
  const allowed = team.value.secrets ?? [];
  return used
    .filter(([secret]) => !isListed(secret, allowed))
    .map(([secret, path]) => {
      const related = declaredHere(team, 'secrets');
      return diagnose('resolve/secret-not-allowed', at(place, 'credentials', ...path), { secret, team: team.value.name, allowed }, { related });
    });
}

/** A store of External Secrets may hold what is of other teams. The name of an entry may be a secret that was pasted there: it is not repeated. */
function storeProblems({ spec, place }: ConnectionDefinition, team: Declared<PlatformTeam>): readonly Diagnostic[] {
  const { externalSecret } = spec.credentials;
  if (!externalSecret) return [];
  const { name, kind = connectionDefaults.secretStoreKind } = externalSecret.secretStoreRef;
  const stores = (team.value.secretStores ?? []).filter(
    (store) => store.name === name && (store.kind ?? connectionDefaults.secretStoreKind) === kind,
  );
  const related = declaredHere(team, 'secretStores');
  const here = at(place, 'credentials', 'externalSecret');
  if (stores.length === 0) {
    const allowed = (team.value.secretStores ?? []).map((store) => `${store.kind ?? connectionDefaults.secretStoreKind} ${store.name}`);
    return [
      diagnose(
        'resolve/secret-store-not-allowed',
        at(here, 'secretStoreRef', 'name'),
        { kind, store: name, team: team.value.name, allowed },
        { related },
      ),
    ];
  }
  const allowed = stores.flatMap(({ keys }) => keys);
  return remoteKeys(spec)
    .filter(([, { key }]) => !isListed(key, allowed))
    .map(([ours]) =>
      diagnose('resolve/remote-key-not-allowed', at(here, 'keys', ours, 'key'), { ours, store: name, team: team.value.name, allowed }, { related }),
    );
}

/** A name, or the beginning of names followed by `*`: `fraud` is not `fraud-2`. */
const isListed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Where Platform says, or could say, what the team may use. */
const declaredHere = ({ value, place }: Declared<PlatformTeam>, field: 'secrets' | 'secretStores' | 'endpoints' | 'identities') => [
  { message: `team "${value.name}" is declared here`, where: at(place, value[field] ? field : 'name') },
];

/**
 * A cloud trusts a namespace and a ServiceAccount, and whoever writes a team's own connection chooses both the role and the bucket.
 * So the role of a platform's connection, which its prefixes narrow, would otherwise be open to them as a whole.
 */
function identityProblems({ name, spec, place }: ConnectionDefinition, team: Declared<PlatformTeam>): readonly Diagnostic[] {
  const used = identityOf(resolveCredentials({ name, spec }));
  const allowed = team.value.identities ?? [];
  if (!used || isListed(used.identity, allowed)) return [];
  const related = declaredHere(team, 'identities');
  const where = at(place, 'credentials', ...used.path);
  return [diagnose('resolve/identity-not-allowed', where, { identity: used.identity, team: team.value.name, allowed }, { related })];
}

/** Who a run would be for the cloud, as Platform lists it, and what says so below `credentials`. */
function identityOf(credentials: CredentialsModel): { readonly identity: string; readonly path: Path } | undefined {
  if (credentials.kind === 'instance') {
    return 'clientId' in credentials && credentials.clientId !== undefined
      ? { identity: credentials.clientId, path: ['instanceIdentity', 'clientId'] }
      : { identity: 'instance', path: ['instanceIdentity'] };
  }
  if (credentials.kind !== 'workloadIdentity') return undefined;
  const { identity } = credentials;
  const path = (field: string): Path => ['workloadIdentity', field];
  if ('roleArn' in identity) return { identity: identity.roleArn, path: path('roleArn') };
  if ('clientId' in identity) return { identity: identity.clientId, path: path('clientId') };
  const { audience, serviceAccount } = identity;
  return serviceAccount === undefined ? { identity: audience, path: path('audience') } : { identity: serviceAccount, path: path('serviceAccount') };
}

/** Data, and what proves who a run is, go through a proxy as well. */
function endpointProblems({ spec, place }: ConnectionDefinition, team: Declared<PlatformTeam>): readonly Diagnostic[] {
  const allowed = team.value.endpoints ?? [];
  const sites: readonly (readonly [string | undefined, Path])[] = [
    [spec.endpoint, ['endpoint']],
    [spec.proxy?.url, ['proxy', 'url']],
  ];
  return sites.flatMap(([address, path]) => {
    const wanted = address === undefined ? undefined : parseEndpoint(address)?.origin;
    // An endpoint that is none is reported by its own code.
    if (wanted === undefined || allowed.some((endpoint) => parseEndpoint(endpoint)?.origin === wanted)) return [];
    const related = declaredHere(team, 'endpoints');
    return [diagnose('resolve/endpoint-not-allowed', at(place, ...path), { endpoint: wanted, team: team.value.name, allowed }, { related })];
  });
}
