/** The resources of ODAHU in files: documents of its API, its custom resources, and lists of both. */
import { isFields, type Fields } from '../base/fields.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path, Result, Span } from '../diagnostics/diagnostic.js';
import type { ForeignDocument } from '../source/foreign.js';

/** An object inside of a document. */
export interface Item {
  readonly document: ForeignDocument;
  readonly path: Path;
  readonly fields: Fields;
}

export const kinds = ['Connection', 'InferenceService', 'InferenceJob', 'BatchInferenceJob'] as const;
export type OdahuKind = (typeof kinds)[number];

export interface Resource extends Item {
  readonly kind: OdahuKind;
  /** A job of the API may have none. */
  readonly id: string | undefined;
}

/** What else ODAHU knows, and why none of it is a matter of ours. */
const otherKinds: ReadonlyMap<string, string> = new Map([
  ['ModelTraining', 'millrace trains no models'],
  ['ModelPackaging', 'millrace builds no images'],
  ['ModelDeployment', 'millrace serves no models online'],
  ['ModelRoute', 'millrace serves no models online'],
  ['ToolchainIntegration', 'millrace trains no models'],
  ['TrainingIntegration', 'millrace trains no models'],
  ['PackagingIntegration', 'millrace builds no images'],
]);

/** The group of ODAHU's custom resources. */
const group = 'odahuflow.odahu.org/';

/** Where a value below an item stands in its file; without keys the item itself. */
export const spanOf = (item: Item, ...keys: Path): Span => item.document.spanOf([...item.path, ...keys]);
/** Where the key of a value stands. */
export const spanOfKey = (item: Item, ...keys: Path): Span => item.document.spanOf([...item.path, ...keys], 'key');

/** Every resource of the documents, in order; what of ODAHU has no counterpart is a warning, anything else an error. */
export function findResources(documents: readonly ForeignDocument[]): Result<readonly Resource[]> {
  const diagnostics: Diagnostic[] = [];
  const resources = documents.flatMap((document) => itemsOf(document, document.value, [])).flatMap((item) => toResource(item, diagnostics) ?? []);
  return [resources, diagnostics];
}

type Found = Item | { readonly document: ForeignDocument; readonly path: Path; readonly fields: undefined };

function itemsOf(document: ForeignDocument, value: unknown, path: Path): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => itemsOf(document, item, [...path, index]));
  if (!isFields(value)) return [{ document, path, fields: undefined }];
  const { kind, items } = value;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: unknown, index) => itemsOf(document, item, [...path, 'items', index]));
  }
  return [{ document, path, fields: value }];
}

function toResource(item: Found, diagnostics: Diagnostic[]): Resource | undefined {
  const { document, path, fields } = item;
  const where = document.spanOf(path);
  const unknown = (found: string, span: Span = where): undefined => {
    diagnostics.push(diagnose('odahu/unknown-kind', span, { found, known: kinds.filter((kind) => kind !== 'BatchInferenceJob') }));
  };
  if (!fields) return unknown('something that is no object');
  const { apiVersion, kind: given } = fields;
  if (apiVersion !== undefined && !(typeof apiVersion === 'string' && apiVersion.startsWith(group))) {
    return unknown(
      `a resource of apiVersion ${typeof apiVersion === 'string' ? apiVersion : 'that is no text'}`,
      document.spanOf([...path, 'apiVersion']),
    );
  }
  const kind = given ?? kindByShape(fields);
  if (typeof kind !== 'string') return unknown('an object without kind');
  const reason = otherKinds.get(kind);
  if (reason !== undefined) {
    diagnostics.push(diagnose('odahu/not-carried-over', document.spanOf([...path, 'kind']), { what: kind, reason }));
    return undefined;
  }
  if (!isKind(kind)) return unknown(kind, document.spanOf([...path, 'kind']));
  const id = idOf(fields);
  const found: Resource = { document, path, fields, kind, id: typeof id === 'string' && id !== '' ? id : undefined };
  if (found.id === undefined && kind !== 'InferenceJob') {
    diagnostics.push(diagnose('odahu/missing-field', where, { kind, field: 'metadata' in fields ? 'metadata.name' : 'id' }));
    return undefined;
  }
  return found;
}

const isKind = (kind: string): kind is OdahuKind => (kinds as readonly string[]).includes(kind);

const idOf = ({ id, metadata }: Fields): unknown => id ?? (isFields(metadata) ? metadata['name'] : undefined);

/** What ODAHU's API lists has no kind. */
function kindByShape({ spec }: Fields): OdahuKind | undefined {
  if (!isFields(spec)) return undefined;
  if ('modelRegistry' in spec) return 'InferenceService';
  if ('inferenceServiceId' in spec) return 'InferenceJob';
  if ('inputConnection' in spec) return 'BatchInferenceJob';
  return 'type' in spec && 'uri' in spec ? 'Connection' : undefined;
}

/** Resources of one kind whose ids are not unique: ODAHU has one of them only, and nobody knows which is meant. */
export function duplicateIds(resources: readonly Resource[]): readonly Diagnostic[] {
  const first = new Map<string, Resource>();
  return resources.flatMap((resource) => {
    const { kind, id } = resource;
    if (id === undefined) return [];
    const key = `${kind} ${id}`;
    const known = first.get(key);
    if (!known) {
      first.set(key, resource);
      return [];
    }
    return [diagnose('odahu/duplicate-id', idSpan(resource), { kind, id }, { related: [{ message: 'first given here', where: idSpan(known) }] })];
  });
}

/** Where a resource is named: its `id`, or `metadata.name` in a custom resource. */
export const idSpan = (resource: Resource): Span => ('id' in resource.fields ? spanOf(resource, 'id') : spanOf(resource, 'metadata', 'name'));
