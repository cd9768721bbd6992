/** Keys of a request that are probably meant to be others. */
import { nearest } from '../../base/names.js';
import type { CelEvaluator, CelVariables, ASTNode } from './cel.js';
import { allowedKeys, fieldPath, keyRules, sourceOf } from './clauses.js';
import type { Explanation } from './explain.js';

/** The first key of a closed set of keys, at any level, that is close to one which the set has and the request has not. */
export function misspeltKey(whole: ASTNode, variables: CelVariables, cel: CelEvaluator): Explanation | undefined {
  for (const node of keyRules(whole)) {
    const value = cel.evaluate(node.args[1], variables);
    const keys = 'value' in value && typeof value.value === 'object' && value.value !== null ? Object.keys(value.value) : [];
    const allowed = allowedKeys(node) ?? [];
    const lacking = allowed.filter((key) => !keys.includes(key));
    for (const key of keys.filter((each) => !allowed.includes(each))) {
      const meant = nearest(key, lacking);
      if (meant === undefined || !plainKey.test(key)) continue;
      return { rule: sourceOf(node), sentence: misspeltText(fieldPath(node.args[1]) ?? ['body'], key, meant) };
    }
  }
  return undefined;
}

/** Keys that need no quotes in a sentence. */
export const plainKey = /^[A-Za-z0-9_-]+$/;

/** `within` is a path from `body`. */
export const misspeltText = (within: readonly string[], key: string, meant: string): string =>
  `${[...within.slice(1), key].join('.')} is not a field; did you mean ${meant}?`;
