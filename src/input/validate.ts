import { assertInvariant } from '../base/assert.js';
import type { Diagnostic, Path, Place, Result } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from './generated/types.js';
import * as validators from './generated/validators.js';
import type { Validator } from './generated/validators.js';
import { firstOf } from './most-shown.js';
import { checkTarget } from './platform/target.js';
import { problemsOf, type Checked } from './problems.js';
import { refuseNotSupported } from './refuse.js';
import { reservedPlatformNames, reservedServiceName } from './reserved.js';
import { definitions, type Kind } from './schemas.js';
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

type Check<T> = (value: T, file: string, path: Path) => readonly Diagnostic[];

/** What a schema cannot say. */
const specChecks: { readonly [K in Kind]: Check<SpecOf[K]> } = {
  Platform: (spec, file, path) => [...checkTarget(spec, file, path), ...reservedPlatformNames(spec, file, path)],
  Team: () => [],
  Connection: () => [],
  InferenceService: () => [],
};

const nameChecks: { readonly [K in Kind]: Check<string> } = {
  Platform: () => [],
  Team: () => [],
  Connection: () => [],
  InferenceService: reservedServiceName,
};

function validateShape<T>(validator: Validator<T>, definition: string, checked: Omit<Checked, 'schema'>): Result<T> {
  const { value } = checked;
  if (validator(value)) return [value, []];
  const schema = own(definitions, definition);
  assertInvariant(schema, `no definition ${definition}`);
  return [undefined, problemsOf(validator.errors ?? [], { schema, ...checked })];
}

function checkSpec<K extends Kind>(kind: K, spec: SpecOf[K], file: string, path: Path): readonly [SpecOf[K], readonly Diagnostic[]] {
  const supported = refuseNotSupported(kind, spec, file, path);
  return [supported.spec, [...supported.diagnostics, ...specChecks[kind](spec, file, path)]];
}

/**
 * Checks a spec that was given in code rather than in a file: its shape, and that everything in it is supported.
 * `place` says where the spec stands in words of the caller, for example `{file: 'InferenceService fraud', path: ['spec']}`.
 */
export function validateSpec<K extends Kind>(kind: K, spec: unknown, place: Place): Result<SpecOf[K]> {
  const { file, path } = place;
  const [shaped, problems] = validateShape(specValidators[kind], `${kind}Spec`, { value: spec, file, path });
  if (shaped === undefined) return [undefined, problems];
  const [supported, further] = checkSpec(kind, shaped, file, path);
  return [supported, firstOf(further)];
}

/** Checks a whole document that is known to be meant as this kind. */
export function validateDocument<K extends Kind>(
  kind: K,
  document: unknown,
  file: string,
  written?: (path: Path) => string | undefined,
): Result<DocumentOf<K>> {
  const [shaped, problems] = validateShape(documentValidators[kind], `${kind}Document`, {
    value: document,
    file,
    path: [],
    ...(written ? { written } : {}),
  });
  if (shaped === undefined) return [undefined, problems];
  const [spec, further] = checkSpec(kind, shaped.spec, file, ['spec']);
  return [{ metadata: shaped.metadata, spec }, firstOf([...further, ...nameChecks[kind](shaped.metadata.name, file, ['metadata', 'name'])])];
}

/** Checks the name that a document or construct of the kind is given: its form, its length, and that it is not reserved. */
export function validateName(kind: Kind, name: string, place: Place): readonly Diagnostic[] {
  const schema = own(own(definitions[`${kind}Document`]?.properties, 'metadata')?.properties, 'name');
  assertInvariant(schema, `no name in ${kind}`);
  const fits = new RegExp(schema.pattern ?? '', 'u').test(name) && name.length <= (schema.maxLength ?? 0);
  if (fits) return nameChecks[kind](name, place.file, place.path);
  const keyword = name === '' ? 'minLength' : 'pattern';
  return problemsOf([{ instancePath: '', keyword, params: {} }], { schema, value: name, file: place.file, path: place.path });
}
