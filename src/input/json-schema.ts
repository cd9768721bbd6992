/** The subset of JSON Schema (draft 2020-12) that our schemas use; whatever reads them need know no more. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: SchemaType | readonly SchemaType[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** Only as a list of `{if, then}`: see {@link byTag}. */
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

export type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** What a field may say beside its shape. */
export interface FieldNotes {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** A closed map: no other keys than these. */
export const object = (description: string, required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  description,
  type: 'object',
  additionalProperties: false,
  ...(required.length ? { required } : {}),
  properties,
});

/** A map with keys of the author's choice. */
export const map = (description: string, names: Schema, values: Schema, maxProperties: number, notes: FieldNotes = {}): Schema => ({
  description,
  type: 'object',
  propertyNames: names,
  additionalProperties: values,
  maxProperties,
  ...notes,
});

/** With an upper bound always: what is unbounded costs unbounded time. */
export const list = (
  description: string,
  items: Schema,
  bounds: { readonly min?: number; readonly max: number },
  notes: FieldNotes = {},
): Schema => ({
  description,
  type: 'array',
  items,
  ...(bounds.min ? { minItems: bounds.min } : {}),
  maxItems: bounds.max,
  ...notes,
});

/** Text without rules of its own here; at least one character. */
export const text = (description: string, maxLength: number, notes: FieldNotes = {}): Schema => ({
  description,
  type: 'string',
  minLength: 1,
  maxLength,
  ...notes,
});

/** Text of a form that `forms.ts` has words for. */
export const formed = (description: string, form: { readonly pattern: string }, maxLength: number, notes: FieldNotes = {}): Schema => ({
  description,
  type: 'string',
  pattern: form.pattern,
  maxLength,
  ...notes,
});

/** One of these words. */
export const oneOf = (description: string, values: readonly string[], notes: FieldNotes = {}): Schema => ({
  description,
  type: 'string',
  enum: values,
  ...notes,
});

/** Within both bounds. */
export const integer = (description: string, minimum: number, maximum: number, notes: FieldNotes = {}): Schema => ({
  description,
  type: 'integer',
  minimum,
  maximum,
  ...notes,
});

/** True or false; without a default it stands in the description. */
export const flag = (description: string, byDefault?: boolean): Schema => ({
  description,
  type: 'boolean',
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

/** A use of a definition, with what it means in this place. */
export const use = (name: string, description: string, notes: FieldNotes = {}): Schema => ({ $ref: `#/$defs/${name}`, description, ...notes });

/**
 * A union told apart by a tag. Written with `if` and `then` rather than `oneOf`, so that a validator complains
 * about the one form that was meant and not about all of them.
 */
export const byTag = (description: string, tag: string, tagDescription: string, forms: Readonly<Record<string, string>>): Schema => ({
  description,
  type: 'object',
  required: [tag],
  properties: { [tag]: oneOf(tagDescription, Object.keys(forms)) },
  allOf: Object.entries(forms).map(([value, definition]) => ({
    if: { properties: { [tag]: { const: value } }, required: [tag] },
    then: { $ref: `#/$defs/${definition}` },
  })),
});

/** A union told apart by whether a field is there. */
export const byField = (description: string, field: string, present: string, absent: string): Schema => ({
  description,
  type: 'object',
  if: { required: [field] },
  then: { $ref: `#/$defs/${present}` },
  else: { $ref: `#/$defs/${absent}` },
});
