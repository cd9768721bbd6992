/** The filter of a Trigger, read as a tree: what explanations of a refusal look for in it. */
import type { ASTNode } from './cel.js';

/** `a && b && c` as its members; anything else is its only one. */
export const operands = (node: ASTNode, operator: '&&' | '||'): readonly ASTNode[] =>
  node.op === operator ? node.args.flatMap((argument) => operands(argument, operator)) : [node];

export const sourceOf = (node: ASTNode): string => node.input.slice(node.start, node.end);

/** The field that an expression is, as keys from `body`; undefined: it is something else. */
export function fieldPath(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return node.args === 'body' ? ['body'] : undefined;
  if (node.op === '.') {
    const parent = fieldPath(node.args[0]);
    return parent && [...parent, node.args[1]];
  }
  if (node.op !== '[]') return undefined;
  const [list, index] = node.args;
  const parent = fieldPath(list);
  return parent && index.op === 'value' ? [...parent, String(index.args)] : undefined;
}

/** The operands of an expression, as far as a filter of ours has them. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === '&&' || node.op === '||' || node.op === '==' || node.op === '<=' || node.op === 'in') return node.args;
  if (node.op === '!_') return [node.args];
  if (node.op === 'call') return node.args[1];
  return node.op === 'rcall' ? [node.args[1]] : [];
}

export type KeyRule = Extract<ASTNode, { readonly op: 'rcall' }>;

/** Every `x.all(k, k in [...])` of a filter, from the outer levels of the body to the inner ones. */
export function* keyRules(node: ASTNode): Generator<KeyRule> {
  if (node.op === 'rcall' && allowedKeys(node)) yield node;
  else for (const child of childrenOf(node)) yield* keyRules(child);
}

/** The keys of `x.all(k, k in ['a', 'b'])`; undefined: it is something else. */
export function allowedKeys(node: ASTNode): readonly string[] | undefined {
  if (node.op !== 'rcall' || node.args[0] !== 'all') return undefined;
  const test = node.args[2][1];
  return test?.op === 'in' && test.args[1].op === 'list' ? test.args[1].args.map((item) => String(item.args)) : undefined;
}
