import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec } from '../input/generated/types.js';
import type { OdahuConnection } from './connection.js';
import { idSpan } from './documents.js';
import type { Target } from './import.js';
import type { Places } from './places.js';
import { connectionFile, secretKeys, unknownConnectionFile } from './write-connection.js';

interface ConnectionFiles {
  readonly files: readonly { readonly path: string; readonly text: string; readonly where: Span | undefined }[];
  readonly said: readonly string[];
  readonly commands: readonly string[];
}

/**
 * The connections that are not there yet, as the platform's: in ODAHU they belong to no team. One that is there is kept
 * if it names the same place; whether the team may use it is for its owner to say.
 */
export function connectionFiles(connections: readonly OdahuConnection[], places: Places, target: Target, diagnostics: Diagnostic[]): ConnectionFiles {
  const { team, platform } = target;
  const namespace = platform.spec.teams.find(({ name }) => name === team)?.namespace ?? team;
  const files: { path: string; text: string; where: Span | undefined }[] = [];
  const said: string[] = [];
  const commands: string[] = [];
  for (const connection of connections) {
    const { name, type } = connection;
    const there = target.connections.get(name);
    if (there && isSamePlace(there.spec, connection)) {
      said.push(`${there.file} was there and is kept; if check says so, let team ${team} use it below its access`);
      continue;
    }
    if (there) {
      diagnostics.push(diagnose('odahu/file-exists', idSpan(connection.resource), { path: there.file, what: 'it names another place' }));
      continue;
    }
    files.push({ path: pathOf(name), text: connectionFile(connection, team, places.used.get(name)), where: idSpan(connection.resource) });
    const keys = secretKeys[type].map((key) => `--from-file=${key}=FILE`);
    commands.push(`kubectl create secret generic ${name} --namespace ${namespace} ${keys.join(' ')}`);
  }
  const known = new Set(connections.map(({ name }) => name));
  for (const [name, uses] of places.used) {
    if (known.has(name) || target.connections.has(name)) continue;
    files.push({ path: pathOf(name), text: unknownConnectionFile(name, team, uses), where: undefined });
    said.push(`${pathOf(name)} is to be filled in: no document that was imported defines connection "${name}"`);
  }
  return { files, said, commands };
}

const pathOf = (name: string): string => `services/connections/${name}.yaml`;

function isSamePlace(spec: ConnectionSpec, { type, bucket, account }: OdahuConnection): boolean {
  if (spec.type !== type) return false;
  if (spec.type === 'azureblob') return spec.container === bucket && (account === undefined || spec.account === account.name);
  return spec.bucket === bucket;
}
