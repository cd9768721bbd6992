/** What the connections of one job must agree on: its pod has one ServiceAccount, and its transfers share an environment. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path, Place, Related } from '../diagnostics/diagnostic.js';
import type { CredentialsModel } from '../model/model.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import { at } from './place.js';
import { directHost } from './proxy.js';
import { fileFor, secretFilePaths } from './secret-source.js';

/** Of the connections that a run of the service may use, which are sorted by name. */
export const jobConnectionProblems = (service: ServiceDefinition, connections: readonly Connection[], namespace: string): readonly Diagnostic[] => [
  ...connections.flatMap((connection) => missingSecretProblems(service, connection, namespace)),
  ...identityProblems(service, connections),
  ...proxyProblems(service, connections),
];

/** An encrypted Secret is one for each namespace. A file that is not there, or was not understood, may be the one. */
function missingSecretProblems(service: ServiceDefinition, connection: Connection, namespace: string): readonly Diagnostic[] {
  const { files, definition } = connection;
  const listed = secretFilePaths(definition) ?? [];
  if (files.length === 0 || files.length < listed.length || fileFor(files, namespace)) return [];
  const known = files.flatMap((file) => file.namespace ?? []);
  const related = [saidHere(connection, ['credentials'], 'Secret')];
  return [diagnose('resolve/no-secret-for-namespace', placeOf(service, connection), { connection: definition.name, namespace, known }, { related })];
}

interface Identified {
  readonly connection: Connection;
  readonly credentials: Extract<CredentialsModel, { kind: 'workloadIdentity' | 'instance' }>;
  /** Who a run is for which cloud: equal for one and the same identity. */
  readonly who: string;
}

function identityProblems(service: ServiceDefinition, connections: readonly Connection[]): readonly Diagnostic[] {
  const identified = connections.flatMap((connection): readonly Identified[] => {
    const { credentials, backend } = connection.model;
    if (credentials.kind !== 'workloadIdentity' && credentials.kind !== 'instance') return [];
    return [{ connection, credentials, who: JSON.stringify([backend.type, credentials.kind === 'instance' ? credentials : credentials.identity]) }];
  });
  for (const [index, later] of identified.entries()) {
    for (const earlier of identified.slice(0, index)) {
      const clash = clashOf(earlier, later);
      if (!clash) continue;
      const args = { connection: nameOf(later.connection), other: nameOf(earlier.connection), ...clash };
      const related = [earlier, later].map(({ connection }) => saidHere(connection, ['credentials'], 'identity'));
      return [diagnose('resolve/two-identities', placeOf(service, later.connection), args, { related })];
    }
  }
  const alone = identified.find(({ credentials }) => credentials.kind === 'workloadIdentity' && !credentials.shared);
  const others = alone ? identified.filter(({ who }) => who !== alone.who) : [];
  if (!alone || others.length === 0) return [];
  const related = [alone, ...others].map(({ connection }) => saidHere(connection, ['credentials'], 'identity'));
  const args = { connection: nameOf(alone.connection), others: others.map(({ connection }) => nameOf(connection)) };
  return [diagnose('resolve/identity-not-shared', placeOf(service, alone.connection), args, { related })];
}

/** Why one pod cannot have both, whatever their authors agree to. */
function clashOf(one: Identified, other: Identified): { readonly problem: string; readonly hint: string } | undefined {
  const type = one.connection.model.backend.type;
  if (type === other.connection.model.backend.type && one.who !== other.who) {
    return {
      problem: `have two identities for ${type}`,
      hint: "a job has one for each kind of store, because the cloud's library finds it in the environment: use one for both, or a Secret for one of them",
    };
  }
  if (one.credentials.kind === 'instance' || other.credentials.kind === 'instance' || one.credentials.name === other.credentials.name)
    return undefined;
  return {
    problem: `call their identities ${one.credentials.name} and ${other.credentials.name}`,
    hint: 'a job has one ServiceAccount: give both identities one name',
  };
}

/** One proxy for all; a connection without one is reached without it, unless its host is one that the proxy is for. */
function proxyProblems(service: ServiceDefinition, connections: readonly Connection[]): readonly Diagnostic[] {
  const first = connections.find(({ model }) => model.proxy);
  const clash = connections.find(({ model }) =>
    model.proxy ? model.proxy.url !== first?.model.proxy?.url : first !== undefined && directHost(model.backend) === directHost(first.model.backend),
  );
  if (!first || !clash) return [];
  const related = [saidHere(first, ['proxy'], 'proxy'), ...(clash.model.proxy ? [saidHere(clash, ['proxy'], 'proxy')] : [])];
  const args = { connection: nameOf(clash), other: nameOf(first) };
  return [diagnose('resolve/two-proxies', placeOf(service, clash), args, { related })];
}

const nameOf = ({ model }: Connection): string => model.name;

const saidHere = ({ definition }: Connection, path: Path, what: string): Related => ({
  message: `the ${what} of connection "${definition.name}"`,
  where: { ...at(definition.place, ...path), target: 'key' },
});

/** Where the service names the connection. */
function placeOf({ spec, place }: ServiceDefinition, { definition: { name } }: Connection): Place {
  const { modelSource, dataSource, outputDestination, triggers } = spec;
  const references: readonly (readonly [Path, { readonly connection?: string } | undefined])[] = [
    [['modelSource'], 'connection' in modelSource ? modelSource : undefined],
    [['dataSource'], dataSource],
    [['outputDestination'], outputDestination],
    ...(['dataSource', 'outputDestination'] as const).flatMap((field) =>
      (triggers?.webhook?.overrides?.[field] ?? []).map((rule, index) => [['triggers', 'webhook', 'overrides', field, index], rule] as const),
    ),
    ...(triggers?.schedules ?? []).flatMap(({ request }, index) =>
      (['dataSource', 'outputDestination'] as const).map((field) => [['triggers', 'schedules', index, 'request', field], request?.[field]] as const),
    ),
  ];
  const found = references.find(([, reference]) => reference?.connection === name);
  return found ? at(place, ...found[0], 'connection') : place;
}
