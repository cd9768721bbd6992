/** Anything that has a name of its own in Kubernetes: a `Secret` of cdk8s-plus, an ApiObject, or `{name: 'regcred'}`. */
export interface Named {
  /** `metadata.name` of the object. */
  readonly name: string;
}

/** A spec as it may be given in code: where a definition file has `secretRef: {name}`, an object with a name does too. */
export type WithNamed<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly WithNamed<Item>[]
    : { readonly [Key in keyof T]: Key extends 'secretRef' ? T[Key] | Named : WithNamed<T[Key]> };

/** No schema is as deep, so what lies deeper is refused anyway: an object that holds itself has no end. */
const maxDepth = 32;

/** The same as plain data: an object of a class stands for its name. Functions, symbols and the like are left to the checks. */
export function plainSpec(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) return null;
  if (Array.isArray(value)) return value.map((item) => plainSpec(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && 'name' in value) return { name: value.name };
  // What is undefined is not there, as in JSON.
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([key, part]) => [key, plainSpec(part, depth + 1)]));
}
