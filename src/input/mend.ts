import type { Path } from '../diagnostics/diagnostic.js';
import type { Holes } from './holes.js';
import type { Schema, SchemaType } from './json-schema.js';
import { chosenForm } from './meant.js';
import { formsOf, resolveRef } from './schema-nodes.js';
import { standIn } from './stand-in.js';
import { isMap, own, type Fields } from './values.js';

const unfit = Symbol('unfit');

export interface Mended {
  readonly value: unknown;
  readonly holes: Holes;
}

/**
 * A value of the shape that the schema wants: what is wrong is left out or, where something has to stand, replaced by a
 * stand-in, which keeps the positions in lists. Everything of the right shape stays as its author wrote it.
 */
export function mend(schema: Schema, value: unknown): Mended {
  const holes: Path[] = [];
  const fitted = fit(schema, value, [], holes);
  return fitted === unfit ? { value: standIn(schema), holes: [[]] } : { value: fitted, holes };
}

/** The value as it may stay, or {@link unfit}; what was left out below it is added to `holes`. */
function fit(schema: Schema, value: unknown, path: Path, holes: Path[]): unknown {
  const known = resolveRef(schema);
  const isUnion = formsOf(known)[0] !== known;
  const form = isUnion && isMap(value) ? chosenForm(known, value) : known;
  if (!form || (isUnion && form === known)) return unfit;
  if (form.const !== undefined) return value === form.const ? value : unfit;
  if (form.enum) return form.enum.some((choice) => choice === value) ? value : unfit;
  const types = [form.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return unfit;
  if (typeof value === 'string') return fitsText(form, value) ? value : unfit;
  if (typeof value === 'number') return value >= (form.minimum ?? -Infinity) && value <= (form.maximum ?? Infinity) ? value : unfit;
  if (Array.isArray(value) && form.items) return fitList(form, form.items, value, path, holes);
  if (isMap(value) && form.properties) return fitClosed(form, form.properties, value, path, holes);
  if (isMap(value) && typeof form.additionalProperties === 'object') return fitOpen(form, form.additionalProperties, value, path, holes);
  return value;
}

function hasType(value: unknown, type: SchemaType): boolean {
  switch (type) {
    case 'object':
      return isMap(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

/** By pattern and length, in characters. */
export const fitsText = ({ pattern, minLength = 0, maxLength = Infinity }: Schema, text: string): boolean => {
  const length = text.length > maxLength ? Array.from(text).length : text.length;
  return length >= minLength && length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
};

function fitList({ minItems = 0, maxItems = Infinity }: Schema, items: Schema, list: readonly unknown[], path: Path, holes: Path[]): unknown {
  if (list.length < minItems) return unfit;
  if (list.length > maxItems) holes.push(path);
  return list.slice(0, maxItems).map((item, index) => {
    const at = [...path, index];
    const fitted = fit(items, item, at, holes);
    if (fitted !== unfit) return fitted;
    holes.push(at);
    return standIn(items);
  });
}

function fitClosed(schema: Schema, properties: Readonly<Record<string, Schema>>, map: Fields, path: Path, holes: Path[]): unknown {
  const required = new Set(schema.required ?? []);
  const isTypo = Object.keys(map).some((key) => !Object.hasOwn(properties, key));
  const fitted: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    const at = [...path, name];
    const value = Object.hasOwn(map, name) ? fit(property, own(map, name), at, holes) : unfit;
    if (value !== unfit) fitted.push([name, value]);
    else {
      // A field that nobody knows may have been meant for any that is not there.
      if (Object.hasOwn(map, name) || required.has(name) || isTypo) holes.push(at);
      if (required.has(name)) fitted.push([name, standIn(property)]);
    }
  }
  return fitted.length < (schema.minProperties ?? 0) || fitted.length > (schema.maxProperties ?? Infinity) ? unfit : Object.fromEntries(fitted);
}

function fitOpen({ propertyNames = {}, maxProperties = Infinity }: Schema, values: Schema, map: Fields, path: Path, holes: Path[]): unknown {
  const fitted: [string, unknown][] = [];
  for (const [key, value] of Object.entries(map)) {
    const at = [...path, key];
    const inner = fitsText(propertyNames, key) ? fit(values, value, at, holes) : unfit;
    if (inner === unfit || fitted.length >= maxProperties) holes.push(at);
    else fitted.push([key, inner]);
  }
  return Object.fromEntries(fitted);
}
