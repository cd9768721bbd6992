const constants = new WeakSet<object>();

/**
 * A value of this program that is the same in many objects and never changes: frozen, with everything in it. Whoever
 * makes a text of it may keep that text.
 */
export function constant<const T extends object>(value: T): T {
  if (constants.has(value)) return value;
  constants.add(Object.freeze(value));
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) constant(part);
  return value;
}

/** Whether `constant` made it: such a value is the same object wherever it is used, and never changes. */
export const isConstant = (value: object): boolean => constants.has(value);
