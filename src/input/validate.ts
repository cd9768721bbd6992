import { assertInvariant } from '../base/assert.js';
import type { Diagnostic, Path, Place, Result } from '../diagnostics/diagnostic.js';
import { checkRegion } from './connection/region.js';
import type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from './generated/types.js';
import * as validators from './generated/validators.js';
import type { Validator } from './generated/validators.js';
import { noHoles, outsideHoles, type Holes } from './holes.js';
import { mend } from './mend.js';
import { firstOf, type Found } from './most-shown.js';
import { checkTarget } from './platform/target.js';
import { problemsOf, type Checked } from './problems.js';
import { reservedPlatformNames, reservedServiceName } from './reserved.js';
import { definitions, type Kind } from './schemas.js';
import { checkCommand } from './service/command.js';
import { own } from './values.js';

/** The spec of each kind: its shape is right, exactly as the author wrote it, nothing is filled in. */
export interface SpecOf {
  readonly Platform: PlatformSpec;
  readonly Team: TeamSpec;
  readonly Connection: ConnectionSpec;
  readonly InferenceService: InferenceServiceSpec;
}

export interface DocumentOf<K extends Kind> {
  readonly metadata: { readonly name: string };
  readonly spec: SpecOf[K];
}

const documentValidators: { readonly [K in Kind]: Validator<DocumentOf<K>> } = {
  Platform: validators.Platform,
  Team: validators.Team,
  Connection: validators.Connection,
  InferenceService: validators.InferenceService,
};

const specValidators: { readonly [K in Kind]: Validator<SpecOf[K]> } = {
  Platform: validators.PlatformSpec,
  Team: validators.TeamSpec,
  Connection: validators.ConnectionSpec,
  InferenceService: validators.InferenceServiceSpec,
};

/** `holes` are places from the root of the document at which something else stands than its author wrote. */
type Check<T> = (value: T, file: string, path: Path, holes?: Holes) => readonly Diagnostic[];

/** What a schema cannot say. */
const specChecks: { readonly [K in Kind]: Check<SpecOf[K]> } = {
  Platform: (spec, file, path) => [...checkTarget(spec, file, path), ...reservedPlatformNames(spec, file, path)],
  Team: () => [],
  Connection: checkRegion,
  InferenceService: checkCommand,
};

const nameChecks: { readonly [K in Kind]: Check<string> } = {
  Platform: () => [],
  Team: () => [],
  Connection: () => [],
  InferenceService: reservedServiceName,
};

function validateShape<T>(validator: Validator<T>, definition: string, checked: Omit<Checked, 'schema'>): readonly [T | undefined, Found] {
  const { value } = checked;
  if (validator(value)) return [value, { problems: [] }];
  const schema = own(definitions, definition);
  assertInvariant(schema, `no definition ${definition}`);
  return [undefined, problemsOf(validator.errors ?? [], { schema, ...checked })];
}

/**
 * Checks a spec that was given in code rather than in a file: its shape, and what a schema cannot say.
 * `place` says where the spec stands in words of the caller, for example `{file: 'InferenceService fraud', path: ['spec']}`.
 */
export function validateSpec<K extends Kind>(kind: K, spec: unknown, place: Place): Result<SpecOf[K]> {
  const { file, path } = place;
  const [shaped, found] = validateShape(specValidators[kind], `${kind}Spec`, { value: spec, file, path });
  if (shaped === undefined) return [undefined, firstOf(found)];
  return [shaped, firstOf({ problems: specChecks[kind](shaped, file, path) })];
}

/** A document as far as it was understood. */
export interface UnderstoodDocument<K extends Kind> extends DocumentOf<K> {
  /** What was not understood, and has a problem of its own: something else stands there. */
  readonly holes: Holes;
}

/**
 * Checks a whole document that is known to be meant as this kind. One of a wrong shape is mended, so that the rest of it
 * can be judged; it is undefined only where nothing of it can.
 */
export function validateDocument<K extends Kind>(
  kind: K,
  document: unknown,
  file: string,
  written?: (path: Path) => string | undefined,
): Result<UnderstoodDocument<K>> {
  const validator = documentValidators[kind];
  const definition = `${kind}Document`;
  const [shaped, ofShape] = validateShape(validator, definition, { value: document, file, path: [], ...(written ? { written } : {}) });
  const mended = shaped === undefined ? mendDocument(validator, definition, document) : { document: shaped, holes: noHoles };
  if (!mended) return [undefined, firstOf(ofShape)];
  const { holes } = mended;
  const { metadata, spec } = mended.document;
  const further = specChecks[kind](spec, file, ['spec'], holes);
  const others = outsideHoles([...further, ...nameChecks[kind](metadata.name, file, ['metadata', 'name'])], holes);
  return [{ metadata, spec, holes }, firstOf({ ...ofShape, problems: [...ofShape.problems, ...others] })];
}

/** The validator has the last word on what is mended, too. */
function mendDocument<T>(validator: Validator<T>, definition: string, value: unknown): { readonly document: T; readonly holes: Holes } | undefined {
  const { value: document, holes } = mend(own(definitions, definition) ?? {}, value);
  return validator(document) ? { document, holes } : undefined;
}

/** Checks the name that a document or construct of the kind is given: its form, its length, and that it is not reserved. */
export function validateName(kind: Kind, name: string, place: Place): readonly Diagnostic[] {
  const schema = own(own(definitions[`${kind}Document`]?.properties, 'metadata')?.properties, 'name');
  assertInvariant(schema, `no name in ${kind}`);
  const fits = new RegExp(schema.pattern ?? '', 'u').test(name) && name.length <= (schema.maxLength ?? 0);
  if (fits) return nameChecks[kind](name, place.file, place.path);
  const keyword = name === '' ? 'minLength' : 'pattern';
  return problemsOf([{ instancePath: '', keyword, params: {} }], { schema, value: name, file: place.file, path: place.path }).problems;
}
