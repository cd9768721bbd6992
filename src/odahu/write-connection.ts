import { apiVersion } from '../input/kinds.js';
import { writeYaml, type Comment } from '../source/write-yaml.js';
import type { OdahuConnection } from './connection.js';
import { folderPath, outermost } from './paths.js';

export interface Uses {
  readonly read: ReadonlySet<string>;
  readonly write: ReadonlySet<string>;
}

type Fields = Record<string, unknown>;

/** Keys of the Secret, as definitions name them (contracts of Secrets), in the order in which ODAHU has them. */
export const secretKeys: Readonly<Record<OdahuConnection['type'], readonly string[]>> = {
  s3: ['access_key_id', 'secret_access_key'],
  gcs: ['service_account.json'],
  azureblob: ['sas_url'],
};

/** The definition of a connection of ODAHU; what it does not tell is left out, and is an error until somebody fills it in. */
export function connectionFile(connection: OdahuConnection, team: string, uses: Uses | undefined): string {
  const { id, name, type, bucket, region, account, notes } = connection;
  const comments: Comment[] = [{ path: [], lines: [`Imported from connection "${id}" of ODAHU.`, ...notes] }];
  const spec: Fields = { type };
  if (type === 'azureblob') {
    if (account) spec['account'] = account.name;
    else
      comments.push({
        path: ['spec', 'type'],
        lines: ['Fill in: account, the name of the storage account. It stands in the SAS URL only, which was not readable.'],
      });
    spec['container'] = bucket;
    if (account?.endpoint !== undefined) spec['endpoint'] = account.endpoint;
  } else {
    spec['bucket'] = bucket;
    if (type === 's3' && region !== undefined) spec['region'] = region;
  }
  const own = connection.path === '' ? undefined : folderPath(connection.path);
  if (own !== undefined && own !== '/') {
    spec['defaultPath'] = own;
    comments.push({ path: ['spec', 'defaultPath'], lines: ["The path of ODAHU's uri: used where a reference gives none, never joined to one."] });
  }
  spec['credentials'] = { secretRef: { name, ...(type === 'azureblob' ? { keys: { sas_url: 'sas_url' } } : {}) } };
  comments.push({ path: ['spec', 'credentials'], lines: [`The keys are not here. Its Secret has ${secretKeys[type].join(' and ')}.`] });
  addAccess(spec, comments, team, uses);
  return writeYaml({ apiVersion, kind: 'Connection', metadata: { name }, spec }, comments);
}

/** A connection that is named and that no document defines. */
export function unknownConnectionFile(name: string, team: string, uses: Uses): string {
  const comments: Comment[] = [
    { path: [], lines: [`Fill in: services of ODAHU name connection "${name}", and no document that was imported defines it.`] },
    {
      path: ['spec', 'access'],
      lines: ['Above this: type (s3, gcs or azureblob), where it is, and credentials. "millrace schema Connection" lists the fields.'],
    },
  ];
  const spec: Fields = {};
  addAccess(spec, [], team, uses);
  return writeYaml({ apiVersion, kind: 'Connection', metadata: { name }, spec }, comments);
}

/** In ODAHU every service could use all of every connection; here, what the imported ones really use. */
function addAccess(spec: Fields, comments: Comment[], team: string, uses: Uses | undefined): void {
  const rules = (['read', 'write'] as const).flatMap((mode) => {
    const prefixes = outermost([...(uses?.[mode] ?? [])]);
    return prefixes.length > 0 ? [{ teams: [team], modes: [mode], prefixes }] : [];
  });
  const undecided = rules.length === 0 && uses ? [{ teams: [team], modes: ['read', 'write'] }] : [];
  spec['access'] = [...rules, ...undecided];
  const words = uses
    ? rules.length > 0
      ? 'Nobody else may use it: these are the folders that the imported services and jobs name.'
      : 'All of it, because only its own path is meant: add prefixes.'
    : 'Nobody may use it yet: no imported service names it.';
  comments.push({ path: ['spec', 'access'], lines: [words] });
}
