import { assertInvariant } from '../base/assert.js';
import type { FoundKey } from '../base/key-forms.js';
import { isDnsLabel } from '../base/names.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place, Result } from '../diagnostics/diagnostic.js';
import { cover } from './cover-secrets.js';
import { decodeSource } from './decode.js';
import { findSecrets } from './find-secrets.js';
import type { DirectoryEntry, FileSystem } from './file-system.js';
import { sourceLimits } from './limits.js';
import type { SourceFile } from './source.js';

export interface Sources {
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a folder below `services/` may hold. */
interface FolderKind {
  /** File names without `.yaml`. */
  readonly files: 'any' | readonly string[];
  /** Whether file names may have several parts: `raw.risk.yaml`. */
  readonly dotted?: true;
  readonly folders: (name: string) => FolderKind | 'bad-team-name' | undefined;
  /** What to do about anything else. */
  readonly hint: string;
}

/** Encrypted Secrets, which have names of their own. */
const secrets: FolderKind = {
  files: 'any',
  dotted: true,
  folders: () => undefined,
  hint: 'an encrypted Secret of a connection is one file, connections/secrets/<name>.yaml',
};

const connections: FolderKind = {
  files: 'any',
  folders: (name) => (name === 'secrets' ? secrets : undefined),
  hint: 'a connection is one file, connections/<name>.yaml',
};

const team: FolderKind = {
  files: 'any',
  folders: (name) => (name === 'connections' ? connections : undefined),
  hint: 'a team has <service>.yaml, team.yaml and connections/<name>.yaml',
};

const services: FolderKind = {
  files: ['platform'],
  folders: (name) => (name === 'connections' ? connections : isDnsLabel(name) ? team : 'bad-team-name'),
  hint: 'a service is services/<team>/<service>.yaml, a connection of the platform services/connections/<name>.yaml',
};

const root = 'services';
const extension = '.yaml';
const otherExtension = /\.ya?ml$/i;

/** For people and for git, never definitions. */
const isIgnored = (name: string): boolean => name.startsWith('.') || name === 'README.md' || name === 'CODEOWNERS';

/** A key before an extension is one, too. */
const secretsInName = (name: string): readonly FoundKey[] => [...findSecrets(name), ...findSecrets(name.replace(/\.[^.]*$/, ''))];

const place = (file: string): Place => ({ file, path: [] });

/**
 * Every definition below `services/`, decoded. What is there and is no definition is a problem: a file that is skipped
 * silently would be a service that its author believes to be compiled.
 */
export function readSources(fileSystem: FileSystem): Sources {
  const files: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const listed = fileSystem.list(root);
  if (listed) readEntries(root, listed, services);
  else diagnostics.push(...rootProblems(fileSystem));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };

  function readEntries(folder: string, listed: readonly DirectoryEntry[], kind: FolderKind): void {
    const entries = listed.filter(({ name }) => !isIgnored(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
    const twins = findCaseTwins(entries);
    for (const entry of entries) {
      const secrets = secretsInName(entry.name);
      if (secrets[0]) {
        diagnostics.push(diagnose('source/secret', place(`${folder}/${cover(entry.name, secrets)}`), { kind: secrets[0].kind }));
        continue;
      }
      const path = `${folder}/${entry.name}`;
      const twin = twins.get(entry.name);
      if (twin === undefined) {
        readEntry(path, entry, kind);
      } else {
        const related = [{ message: 'the other one', where: place(`${folder}/${twin}`) }];
        diagnostics.push(diagnose('source/case-twins', place(path), { name: entry.name, twin }, { related }));
      }
    }
  }

  function readEntry(path: string, entry: DirectoryEntry, kind: FolderKind): void {
    const problem = entry.type === 'directory' ? readSubfolder(path, entry.name, kind) : checkFile(path, entry, kind);
    if (problem) diagnostics.push(problem);
    if (problem || entry.type === 'directory') return;
    const [file, problems] = readFile(fileSystem, path);
    diagnostics.push(...problems);
    if (file) files.push(file);
  }

  function readSubfolder(path: string, name: string, kind: FolderKind): Diagnostic | undefined {
    if (otherExtension.test(name)) {
      return diagnose('source/not-a-regular-file', place(path), { name, found: 'a folder', expected: 'a regular file' });
    }
    const subfolder = kind.folders(name);
    if (subfolder === undefined) return diagnose('source/unknown-folder', place(path), { name, hint: kind.hint });
    if (subfolder === 'bad-team-name') return diagnose('source/bad-team-name', place(path), { name, suggestion: asLabel(name) });
    const listed = fileSystem.list(path);
    // Not the same as an empty one: the output of what may be in it would be removed.
    if (!listed) return unreadableFolder(path, name);
    readEntries(path, listed, subfolder);
    return undefined;
  }
}

const describedTypes = { symlink: 'a symbolic link', other: 'a pipe, socket or device', file: 'a file', directory: 'a folder' } as const;

const unreadableFolder = (path: string, name: string): Diagnostic => diagnose('source/unreadable-folder', place(path), { name });

/** Why `services/` cannot be listed. Where there is none, there are no definitions, and what is missing is for a later stage to say. */
function rootProblems(fileSystem: FileSystem): readonly Diagnostic[] {
  const type = fileSystem.list('')?.find(({ name }) => name === root)?.type;
  if (type === undefined) return [];
  if (type === 'directory') return [unreadableFolder(root, root)];
  return [diagnose('source/not-a-regular-file', place(root), { name: root, found: describedTypes[type], expected: 'a folder' })];
}

function checkFile(path: string, { name, type }: DirectoryEntry, kind: FolderKind): Diagnostic | undefined {
  const isDefinition = name.endsWith(extension);
  const stem = isDefinition ? name.slice(0, -extension.length) : name;
  // A link may stand for a folder as well, for instance for another team's.
  if (type !== 'file')
    return diagnose('source/not-a-regular-file', place(path), {
      name,
      found: describedTypes[type],
      expected: isDefinition ? 'a regular file' : 'a file or folder',
    });
  if (!isDefinition) {
    const hint = otherExtension.test(name)
      ? `rename it to "${name.replace(otherExtension, extension)}"`
      : `${kind.hint}; names that start with "." and README.md are ignored`;
    return diagnose('source/unknown-file', place(path), { name, hint });
  }
  if (kind.files !== 'any' && !kind.files.includes(stem)) return diagnose('source/unknown-file', place(path), { name, hint: kind.hint });
  if (!(kind.dotted ? stem.split('.').every(isDnsLabel) : isDnsLabel(stem)))
    return diagnose('source/bad-file-name', place(path), { name, suggestion: asLabel(stem, extension) });
  return undefined;
}

/** The nearest DNS label, if something is left of the name. */
function asLabel(name: string, suffix = ''): string | undefined {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return isDnsLabel(label) ? label + suffix : undefined;
}

/**
 * Names that a file system which ignores case takes for another one: a checkout there would lose one of them. Given with
 * that other one, which is the name in small letters if there is one.
 */
function findCaseTwins(entries: readonly DirectoryEntry[]): ReadonlyMap<string, string> {
  const names = new Set(entries.map(({ name }) => name));
  const kept = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const other = kept.get(folded) ?? (names.has(folded) ? folded : name);
    kept.set(folded, other);
    if (other !== name) twins.set(name, other);
  }
  return twins;
}

function readFile(fileSystem: FileSystem, path: string): Result<SourceFile> {
  const content = fileSystem.read(path, sourceLimits.bytes);
  if (!content) return [undefined, [diagnose('source/unreadable-file', place(path), { name: path.slice(path.lastIndexOf('/') + 1) })]];
  if (content.size > sourceLimits.bytes) {
    return [undefined, [diagnose('source/too-large', place(path), { size: content.size, limit: sourceLimits.bytes })]];
  }
  assertInvariant(content.bytes.length === content.size, 'a file below the limit is read whole');
  return decodeSource(path, content.bytes);
}
