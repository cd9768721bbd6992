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

/** The same as plain data: an object of a class stands for its name. Functions, symbols and the like are left to the checks. */
export function plainSpec(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainSpec);
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && 'name' in value) return { name: value.name };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainSpec(part)]));
}
