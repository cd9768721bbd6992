/** Keys of a request that are probably meant to be others. */
import { nearest } from '../../base/names.js';
import type { CelVariables, ASTNode } from './cel.js';
import { allowedKeys, fieldPath, keyRules, sourceOf } from './clauses.js';
import type { Explanation } from './explain.js';

/** The first key of a closed set of keys, at any level, that is close to one which the set has and the request has not. */
export function misspeltKey(whole: ASTNode, variables: CelVariables): Explanation | undefined {
  for (const node of keyRules(whole)) {
    const path = fieldPath(node.args[1]);
    const keys = path ? keysOf(valueAt(path, variables)) : [];
    const allowed = allowedKeys(node) ?? [];
    const lacking = allowed.filter((key) => !keys.includes(key));
    for (const key of keys.filter((each) => !allowed.includes(each))) {
      const meant = nearest(key, lacking);
      if (meant === undefined || !plainKey.test(key) || amounts.includes(key)) continue;
      return { rule: sourceOf(node), sentence: misspeltText(path ?? [], key, meant) };
    }
  }
  return undefined;
}

/** Read here and not as CEL, because a parent may be null or no object at all. */
export function valueAt(path: readonly string[], variables: CelVariables): unknown {
  let value: unknown = variables;
  for (const part of path) value = typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === part)?.[1] : undefined;
  return value;
}

/** Of an object or a list; others have none. */
export const keysOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

/** One letter apart, and each right for some service. */
const amounts: readonly string[] = ['cpu', 'gpu'];

/** Keys that need no quotes in a sentence. */
export const plainKey = /^[A-Za-z0-9_-]+$/;

/** `within` is a path from `body`. */
export const misspeltText = (within: readonly string[], key: string, meant: string): string =>
  `${[...within.slice(1), key].join('.')} is not a field; did you mean ${meant}?`;
