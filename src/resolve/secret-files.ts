/** Whether the files of encrypted Secrets fit the connections that list them. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { SecretFile } from '../input/secret-file/secret-file.js';
import { isOpenTo } from './access.js';
import type { Connection } from './connection.js';
import { optionalKeys } from './credentials.js';
import { at } from './place.js';
import type { Definitions } from './definitions.js';
import { namespaceOf, type PlatformContext } from './platform.js';
import { secretFilePaths } from './secret-source.js';

/** What is there: files that were understood, and the paths of those that were not, by which nothing else shall seem wrong. */
export interface SecretFiles {
  readonly files: ReadonlyMap<string, SecretFile>;
  readonly broken: ReadonlySet<string>;
}

export const noSecretFiles: SecretFiles = { files: new Map(), broken: new Set() };

/** The files of a connection that are there and of its mode. */
export function filesOf(definition: Connection['definition'], { files }: SecretFiles): readonly SecretFile[] {
  const kind = definition.spec.credentials.sealedSecret ? 'sealed' : 'encrypted';
  return (secretFilePaths(definition) ?? []).flatMap((path) => files.get(path) ?? []).filter((file) => file.kind === kind);
}

interface Listed {
  readonly connection: Connection;
  readonly file: SecretFile;
  /** Where the connection lists it. */
  readonly where: Place;
}

/** What is wrong with the files of a connection's Secrets: those that are missing, and those that do not fit it. */
export function secretFileProblems(connection: Connection, known: SecretFiles, platform: PlatformContext): readonly Diagnostic[] {
  const { definition } = connection;
  const mode = definition.spec.credentials.sealedSecret ? 'sealedSecret' : 'sops';
  const earlier: SecretFile[] = [];
  return (secretFilePaths(definition) ?? []).flatMap((path, index) => {
    const where = at(definition.place, 'credentials', mode, 'files', index);
    const file = known.files.get(path);
    if (known.broken.has(path)) return [];
    if (!file) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const others = [...known.files.keys()].filter((each) => each.startsWith(folder)).map((each) => `secrets/${each.slice(folder.length)}`);
      return [diagnose('resolve/unknown-secret-file', where, { file: `secrets/${path.slice(folder.length)}`, folder, known: others })];
    }
    const listed = { connection, file, where };
    const problems = [...misfits(listed, mode, earlier), ...namespaceProblems(listed, platform)];
    earlier.push(file);
    return [...problems, ...(problems.length > 0 ? [] : keyProblems(listed))];
  });
}

function misfit({ file, where }: Listed, problem: string, hint: string, other?: SecretFile): readonly Diagnostic[] {
  const related = [file, ...(other && other !== file ? [other] : [])].map(({ path }) => ({
    message: 'what the file says',
    where: { file: path, path: ['metadata'], target: 'key' as const },
  }));
  return [diagnose('resolve/secret-file-does-not-fit', where, { problem, hint }, { related })];
}

function misfits(listed: Listed, mode: 'sealedSecret' | 'sops', earlier: readonly SecretFile[]): readonly Diagnostic[] {
  const { file } = listed;
  const isSealed = file.kind === 'sealed';
  if (isSealed !== (mode === 'sealedSecret')) {
    const hint = `write ${isSealed ? 'sealedSecret' : 'sops'} instead of ${mode}, or list another file`;
    return misfit(listed, `the file is ${isSealed ? 'a SealedSecret' : 'a Secret encrypted with SOPS'}`, hint);
  }
  const differing = earlier.find(({ name }) => name !== file.name);
  if (differing) {
    const problem = `the Secret in the file is called "${file.name}", and in another one "${differing.name}"`;
    return misfit(listed, problem, 'a connection has one name for its Secret in all namespaces', differing);
  }
  const twin = earlier.find(({ namespace }) => namespace === file.namespace);
  if (!twin) return [];
  const what = file.namespace === undefined ? 'no namespace of its own' : `the namespace "${file.namespace}"`;
  return misfit(listed, `two files are for ${what}`, 'list one of them', twin);
}

/** A Secret belongs where the connection is used; in another namespace, a team could bring one that is not its own. */
function namespaceProblems(listed: Listed, platform: PlatformContext): readonly Diagnostic[] {
  const { connection, file } = listed;
  const { namespace } = file;
  if (namespace === undefined) return [];
  const owner = connection.definition.team;
  const teams = owner === undefined ? [...platform.teams.keys()].filter((team) => isOpenTo(connection, team)) : [owner];
  const namespaces = teams.flatMap((team) => platform.teams.get(team) ?? []).map(({ value }) => namespaceOf(value));
  if (namespaces.includes(namespace) || namespaces.length === 0) return [];
  const hint =
    owner === undefined
      ? `the connection is open to the namespaces: ${listWords(namespaces)}`
      : `the namespace of team ${owner} is ${namespaces.join()}`;
  return misfit(listed, `the Secret in the file is for the namespace "${namespace}", in which nobody may use the connection`, hint);
}

/** What the connection reads and the Secret does not have: no run could start. */
function keyProblems({ connection, file, where }: Listed): readonly Diagnostic[] {
  const { credentials } = connection.model;
  if (credentials.kind !== 'secret') return [];
  return Object.entries(credentials.keys)
    .filter(([ours, theirs]) => !optionalKeys.has(ours) && !file.keys.includes(theirs))
    .map(([ours, key]) => diagnose('resolve/missing-secret-key', where, { key, ours, known: file.keys }));
}

const listWords = (words: readonly string[]): string => [...words].sort().join(', ');

/** Files that no connection lists. Nothing is said where a connection beside them was not understood. */
export function unusedSecretFiles({ connections, broken, secretFiles }: Definitions): readonly Diagnostic[] {
  const used = new Set(connections.flatMap((connection) => secretFilePaths(connection) ?? []));
  const unknown = new Set(broken.connections.map(({ team }) => folderOf(team)));
  return [...secretFiles.files.keys()]
    .filter((path) => !used.has(path) && ![...unknown].some((folder) => path.startsWith(folder)))
    .map((path) => diagnose('resolve/unused-secret-file', { file: path, path: [] }, { file: path.slice(path.lastIndexOf('/') + 1) }));
}

const folderOf = (team: string | undefined): string => (team === undefined ? 'services/connections/' : `services/${team}/connections/`);
