const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Keys that would reach the prototype of an object in some program that reads our output, or vanish in it. */
export const isForbiddenKey = (key: string): boolean => forbidden.has(key);
