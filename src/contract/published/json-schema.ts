/** The few words of JSON Schema (draft 2020-12) that describe what a job leaves behind; every field says what it is. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A closed object: all of these, perhaps some of those, and nothing else. */
export const object = (
  description: string,
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema => ({
  description,
  type: 'object',
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

/** Without the characters that no text of ours holds: controls and separators of lines. */
const oneLine = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';

/** Text of one line. */
export const line = (description: string, { empty = false } = {}): JsonSchema => ({
  description,
  type: 'string',
  ...(empty ? {} : { minLength: 1 }),
  pattern: oneLine,
});
/** A DNS-1123 label. */
export const label = (description: string): JsonSchema => ({ description, type: 'string', pattern: '^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$' });
/** One of these words. */
export const word = (description: string, ...words: readonly string[]): JsonSchema => ({ description, type: 'string', enum: words });
/** RFC 3339, in UTC. */
export const time = (description: string): JsonSchema => ({
  description,
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?Z$',
});
/** In lower-case hexadecimal digits. */
export const sha256 = (description: string): JsonSchema => ({ description, type: 'string', pattern: '^[0-9a-f]{64}$' });
/** 0 and more, exact in JavaScript. */
export const count = (description: string): JsonSchema => ({ description, type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Of any length. */
export const list = (description: string, items: JsonSchema): JsonSchema => ({ description, type: 'array', items });
/** The same, or null. */
export const orNull = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema['type'], 'null'] });

/** Any names. */
export const map = (description: string, values: JsonSchema): JsonSchema => ({ description, type: 'object', additionalProperties: values });

/** A document of its own, as `schemas/<file>`. */
export const document = (file: string, title: string, schema: JsonSchema): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `https://millrace.dev/schemas/v1/${file}`,
  title,
  ...schema,
});
