import { assertInvariant } from '../base/assert.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { plainTextsOf } from '../source/locate.js';
import type { SourceDocument } from '../source/source.js';
import type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from './generated/types.js';
import { misidentified } from './identify.js';
import { expectedAt, platformFile, type Expected } from './locate-kind.js';
import { isHole, type Holes } from './holes.js';
import type { Kind } from './kinds.js';
import { childOf } from './values.js';
import { validateDocument, type SpecOf } from './validate.js';

/** A document whose shape is right, or was made right as far as it was not. */
export interface Parsed<Spec> {
  /** Relative to the root. */
  readonly file: string;
  /** The folder below `services/` that owns it; undefined: the platform. */
  readonly team: string | undefined;
  /** `metadata.name`; the file or folder is called the same, or there is an error. */
  readonly name: string;
  /** As the author wrote it. */
  readonly spec: Spec;
  /** What of the document was not understood. */
  readonly holes: Holes;
  readonly document: SourceDocument;
}

/** A document that is there and could not be understood, or not all of it: whoever refers to it does not get a second error. */
export interface Incomplete {
  readonly kind: Kind;
  readonly team: string | undefined;
  readonly name: string;
  readonly file: string;
}

export interface ParsedInput {
  readonly platform: Parsed<PlatformSpec> | undefined;
  readonly teams: readonly Parsed<TeamSpec>[];
  readonly connections: readonly Parsed<ConnectionSpec>[];
  readonly services: readonly Parsed<InferenceServiceSpec>[];
  readonly incomplete: readonly Incomplete[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides what each document is by the path of its file, and checks its shape. The order of the documents is kept.
 *
 * @param unreadable paths of definition files, and of folders of them, that are there and were refused before they became documents
 */
export function parseInput(documents: readonly SourceDocument[], unreadable: readonly string[] = []): ParsedInput {
  const found: { readonly [K in Kind]: Parsed<SpecOf[K]>[] } = { Platform: [], Team: [], Connection: [], InferenceService: [] };
  const incomplete: Incomplete[] = [];
  const diagnostics: Diagnostic[] = [];

  const add = <K extends Kind>(kind: K, expected: Expected, document: SourceDocument): void => {
    const [parsed, problems] = parseDocument(kind, expected, document);
    diagnostics.push(...problems);
    if (parsed) found[kind].push(parsed);
    if (!parsed || parsed.holes.length > 0) incomplete.push(incompleteAt(expected, document.file.path));
  };

  for (const document of documents) {
    const { path } = document.file;
    const expected = expectedAt(path);
    assertInvariant(expected, `source/ reads no file where nothing belongs, such as ${path}`);
    add(expected.kind, expected, document);
  }
  for (const path of unreadable) {
    const expected = expectedAt(path);
    if (expected) incomplete.push(incompleteAt(expected, path));
  }

  const [platform] = found.Platform;
  const seen = incomplete.some(({ file }) => file === platformFile) || unreadable.some((path) => platformFile.startsWith(`${path}/`));
  if (!platform && !seen) {
    diagnostics.push(diagnose('input/missing-platform', undefined, { problem: 'is missing' }));
  }
  return { platform, teams: found.Team, connections: found.Connection, services: found.InferenceService, incomplete, diagnostics };
}

const incompleteAt = ({ kind, team, name }: Expected, file: string): Incomplete => ({ kind, team, name, file });

function parseDocument<K extends Kind>(
  kind: K,
  expected: Expected,
  document: SourceDocument,
): readonly [Parsed<SpecOf[K]> | undefined, readonly Diagnostic[]] {
  const file = document.file.path;
  const other = misidentified(file, document.value, expected);
  if (other) return [undefined, [other]];
  const [parsed, problems] = validateDocument(kind, document.value, file, plainTextsOf(document.file.text));
  const diagnostics = [...problems, ...nameProblems(expected, document, problems)];
  if (!parsed) return [undefined, diagnostics];
  const { metadata, spec, holes } = parsed;
  const name = isHole(['metadata', 'name'], holes) ? expected.name : metadata.name;
  return [{ file, team: expected.team, name, spec, holes, document }, diagnostics];
}

/** The name must be that of the file or folder. A name that is wrong in itself has its problem already. */
function nameProblems({ name: expected, namedBy }: Expected, { file, value }: SourceDocument, known: readonly Diagnostic[]): readonly Diagnostic[] {
  const name = childOf(childOf(value, 'metadata'), 'name');
  if (typeof name !== 'string' || name === '' || name === expected) return [];
  const place = { file: file.path, path: ['metadata', 'name'] };
  if (known.some(({ code, where }) => code === 'input/name' && where && 'path' in where && where.path.join('.') === 'metadata.name')) return [];
  // Every other file may have another name.
  const hint = file.path === platformFile ? `write name: ${expected}` : undefined;
  return [diagnose('input/name-differs-from-file', place, { name, expected, what: namedBy }, { hint })];
}
