import type { Diagnostic } from './diagnostics/diagnostic.js';
import { parseInput, type Parsed, type ParsedInput } from './input/parse-input.js';
import type { Holes } from './input/holes.js';
import { expectedAt } from './input/locate-kind.js';
import { readSecretFile, type SecretFile } from './input/secret-file/secret-file.js';
import type { BrokenConnection } from './resolve/connections.js';
import type { Definition } from './resolve/definition.js';
import type { Definitions } from './resolve/definitions.js';
import type { FileSystem } from './source/file-system.js';
import { isSecretFile } from './source/cover-secrets.js';
import { secretProblems, secretProblemsOfEncrypted } from './source/find-secrets.js';
import { parseDocument } from './source/parse-document.js';
import { readSources } from './source/read-sources.js';
import type { SourceDocument } from './source/source.js';

export interface ReadDefinitions {
  readonly definitions: Definitions;
  /** Text of every file that was read, by path. */
  readonly sources: ReadonlyMap<string, string>;
  /** What of a file was not understood, for every file of which the rest was. */
  readonly holes: ReadonlyMap<string, Holes>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, parses and checks the shape of every definition; what cannot be understood is known by its path. */
export function readDefinitions(fileSystem: FileSystem): ReadDefinitions {
  const { files, diagnostics: sourceProblems } = readSources(fileSystem);
  const documents: SourceDocument[] = [];
  const secretFiles = new Map<string, SecretFile>();
  const brokenSecretFiles = new Set<string>();
  const unreadable: string[] = sourceProblems.flatMap(({ where }) => (where ? [where.file] : []));
  const diagnostics: Diagnostic[] = [
    ...sourceProblems,
    ...files.flatMap((file) => (isSecretFile(file.path) ? secretProblemsOfEncrypted(file) : secretProblems(file))),
  ];
  for (const file of files) {
    const [document, problems] = parseDocument(file);
    diagnostics.push(...problems);
    if (isSecretFile(file.path)) {
      const [secret, found] = document ? readSecretFile(document) : [];
      diagnostics.push(...(found ?? []));
      if (secret) secretFiles.set(file.path, secret);
      else brokenSecretFiles.add(file.path);
    } else if (document) documents.push(document);
    else unreadable.push(file.path);
  }
  // Also one that could not be read at all.
  for (const path of unreadable) if (isSecretFile(path)) brokenSecretFiles.add(path);
  const input = parseInput(documents, unreadable);
  return {
    definitions: { ...toDefinitions(input), secretFiles: { files: secretFiles, broken: brokenSecretFiles } },
    holes: holesOf(input),
    sources: new Map(files.map(({ path, text }) => [path, text])),
    diagnostics: [...diagnostics, ...input.diagnostics],
  };
}

function holesOf({ platform, teams, connections, services }: ParsedInput): ReadonlyMap<string, Holes> {
  const parsed = [...(platform ? [platform] : []), ...teams, ...connections, ...services];
  return new Map(parsed.flatMap(({ file, holes }) => (holes.length > 0 ? [[file, holes] as const] : [])));
}

function toDefinitions({ platform, teams, connections, services, incomplete }: ParsedInput): Omit<Definitions, 'secretFiles'> {
  return {
    platform: platform && definition(platform),
    teams: teams.map((parsed) => ({ ...definition(parsed), name: parsed.team ?? parsed.name })),
    connections: connections.map((parsed) => ({ ...definition(parsed), team: parsed.team })),
    services: services.map((parsed) => ({ ...definition(parsed), team: parsed.team ?? '' })),
    broken: {
      teams: new Set(incomplete.flatMap(({ kind, team }) => (kind === 'Team' && team !== undefined ? [team] : []))),
      connections: [...incomplete.filter(({ kind }) => kind === 'Connection'), ...misnamed(connections)],
      services: new Set(
        [...incomplete.filter(({ kind }) => kind === 'InferenceService'), ...misnamed(services)].map(({ team, name }) => `${team ?? ''}/${name}`),
      ),
    },
  };
}

const definition = <Spec>({ name, spec, file, holes }: Parsed<Spec>): Definition<Spec> => ({ name, spec, place: { file, path: ['spec'] }, holes });

/** Whoever refers to a document by the name of its file means it, though it calls itself something else. */
const misnamed = (documents: readonly Parsed<unknown>[]): readonly BrokenConnection[] =>
  documents.flatMap(({ file, team, name }) => {
    const expected = expectedAt(file)?.name;
    return expected === undefined || expected === name ? [] : [{ team, name: expected }];
  });
