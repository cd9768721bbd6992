/**
 * Why a filter refused a request: its first clause that is not true, and a sentence about it. A key that is misspelt comes
 * before everything else, since what else is wrong mostly follows from it.
 */
import { nearest } from '../../base/names.js';
import { show } from '../../base/quote.js';
import { objectPathPattern } from '../../base/object-path.js';
import { formatQuantity } from '../../base/quantity.js';
import { paramValueMaxLength, paramValuePattern } from '../../contract/params.js';
import { requestedAmounts } from '../../contract/requested-amounts.js';
import { requestIdPattern } from '../../contract/request-id.js';
import type { ASTNode, CelEvaluator, CelVariables } from './cel.js';
import { allowedKeys, childrenOf, fieldPath, operands, sourceOf } from './clauses.js';
import { keysOf, misspeltKey, misspeltText, plainKey, valueAt } from './misspelt.js';

export interface Explanation {
  /** The clause as it stands in the filter. */
  readonly rule: string;
  /** Without a full stop. */
  readonly sentence: string;
}

/** The first of the clauses that are joined by `&&` which is not true; undefined where all are. */
export function explainRefusal(filter: string, variables: CelVariables, cel: CelEvaluator): Explanation | undefined {
  const holds = (expression: string | ASTNode): boolean => {
    const result = cel.evaluate(expression, variables);
    return 'value' in result && result.value === true;
  };
  if (holds(filter)) return undefined;
  const whole = cel.parse(filter);
  const misspelt = misspeltKey(whole, variables);
  if (misspelt) return misspelt;
  // Each clause may hold only where those before it do; then one of them is what does not.
  const clause = operands(whole, '&&').find((node) => !holds(node)) ?? whole;
  return { rule: sourceOf(clause), sentence: explain(clause, { variables, holds, cel }) };
}

interface Context {
  readonly variables: CelVariables;
  readonly holds: (node: ASTNode) => boolean;
  readonly cel: CelEvaluator;
}

function explain(node: ASTNode, context: Context): string {
  if (node.op === '&&') {
    const failing = operands(node, '&&').find((operand) => !context.holds(operand));
    return explain(failing ?? node.args[0], context);
  }
  if (node.op === '||') {
    // "It is not there, or it is right": whoever gave it wants to know what is not right.
    const choices = withoutAbsence(operands(node, '||'));
    const [only, ...others] = choices;
    return only && others.length === 0 ? explain(only, context) : explainChoices(choices, context);
  }
  return explainLeaf(node, context);
}

const withoutAbsence = (nodes: readonly ASTNode[]): readonly ASTNode[] => nodes.filter((node) => node.op !== '!_' || !hasArgument(node.args));

/** `x` of `has(x)`. */
const hasArgument = (node: ASTNode): ASTNode | undefined => (node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined);

function explainLeaf(node: ASTNode, context: Context): string {
  const given = hasArgument(node);
  if (given) return `${nameOf(given)} is missing`;
  const forbidden = node.op === '!_' ? hasArgument(node.args) : undefined;
  if (forbidden) return `${nameOf(forbidden)} may not be given`;
  const header = headerOf(node);
  if (header !== undefined) return header;
  const subject = subjectOf(node);
  if (!subject) return `this does not hold: ${sourceOf(node)}`;
  const value = context.cel.evaluate(subject, context.variables);
  if ('error' in value) return missingText(subject, context);
  const surplus = surplusKeys(node, value.value);
  if (surplus) return `${nameOf(subject)} has the key ${surplus.found}; it may have ${surplus.allowed}`;
  const verb = requirement(node);
  return verb ? `${nameOf(subject)} is ${found(value.value)}, but must ${verb.must}` : `this does not hold: ${sourceOf(node)}`;
}

/** A field that is not there, or that the request has under a name which is close to its own. */
function missingText(subject: ASTNode, { variables }: Context): string {
  const path = fieldPath(subject) ?? [];
  if (isJob(variables) && path[0] === 'body' && path.length > 1 && !jobKeys.includes(path[1] ?? '')) return 'this caller sends events, not jobs';
  const first = path.findIndex((_, index) => valueAt(path.slice(0, index + 1), variables) === undefined);
  const [within, missing = ''] = [path.slice(0, Math.max(first, 0)), path[first]];
  const given = within.length > 0 ? keysOf(valueAt(within, variables)).filter((name) => plainKey.test(name)) : [];
  const meant = nearest(missing, given);
  return meant === undefined ? `${nameOf(subject)} is missing` : misspeltText(within, meant, missing);
}

/** What the body of a job has; the rules of events read other keys. */
const jobKeys: readonly string[] = ['kind', 'spec'];
const isJob = ({ body }: CelVariables): boolean => typeof body === 'object' && body !== null && 'kind' in body && body['kind'] === 'InferenceJob';

/** Of a leaf about a header, whose value is a secret and never shown: `header.canonical(…) == ''` denied, or compared with a Secret. */
function headerOf(node: ASTNode): string | undefined {
  const source = sourceOf(node);
  const name = /header\.canonical\('([^']*)'\)/.exec(source)?.[1];
  if (name === undefined) return undefined;
  const [, key, secret] = /\.compareSecret\('([^']*)', '([^']*)'\)/.exec(source) ?? [];
  const start = /\.startsWith\('([^']*)'\)/.exec(source)?.[1];
  if (start !== undefined) return `the header ${name} is missing, or does not start with ${JSON.stringify(start)}`;
  if (key === undefined) return `the header ${name} is missing`;
  return `the header ${name} is not what the key ${key} of Secret ${String(secret)} holds, or there is no such Secret or key`;
}

/** What a leaf is about: `x` of `x == 'a'`, `x.matches(…)`, `type(x) == string`, `!x.contains(…)`, `x.size() <= 3`. */
function subjectOf(node: ASTNode): ASTNode | undefined {
  switch (node.op) {
    case '!_':
      return subjectOf(node.args);
    case '==':
    case '<=':
    case 'in':
      return subjectOf(node.args[0]) ?? node.args[0];
    case 'call':
      return node.args[0] === 'type' ? node.args[1][0] : convertedOf(node);
    case 'rcall':
      return node.args[0] === 'parseURL' ? undefined : (convertedOf(node.args[1]) ?? node.args[1]);
    case '[]':
      return fieldPath(node) ? node : computedFrom(node);
    default:
      return undefined;
  }
}

/** `x` of `string(x)` and `int(string(x))`. */
function convertedOf(node: ASTNode): ASTNode | undefined {
  if (node.op !== 'call' || !['int', 'string'].includes(node.args[0])) return undefined;
  const [argument] = node.args[1];
  return argument && (convertedOf(argument) ?? argument);
}

/** `x` of `[x].map(q, …)[0]`, an amount in the unit that it is compared in. */
function computedFrom(node: ASTNode): ASTNode | undefined {
  if (node.op !== '[]') return undefined;
  const [mapped] = node.args;
  if (mapped.op !== 'rcall' || mapped.args[0] !== 'map') return undefined;
  const [, list] = mapped.args;
  return list.op === 'list' ? list.args[0] : undefined;
}

/** An upper bound as Kubernetes writes it, or the field that is the bound. */
function boundText(left: ASTNode, right: ASTNode): string {
  const field = computedFrom(right);
  if (field) return nameOf(field);
  if (!computedFrom(left)) return sourceOf(right);
  const isBytes = sourceOf(left).includes("'Mi'");
  const nano = BigInt(sourceOf(right)) * (isBytes ? 1_000_000_000n : 1_000_000n);
  return formatQuantity({ nano, format: isBytes ? 'binary' : 'decimal' });
}

/** What a leaf asks of its subject, to follow "must" and to follow the subject itself. */
interface Requirement {
  readonly must: string;
  readonly is: string;
}

function requirement(node: ASTNode): Requirement | undefined {
  if (node.op === '!_') {
    const positive = requirement(node.args);
    return positive && { must: `not ${positive.must}`, is: `does not ${positive.must}` };
  }
  if (node.op === '==') {
    const [left, right] = node.args;
    if (left.op === 'rcall' && left.args[0] === 'size') return { must: `have the size ${sourceOf(right)}`, is: `has the size ${sourceOf(right)}` };
    if (convertedOf(right)) return { must: `be the same as ${nameOf(convertedOf(right) ?? right)}`, is: `is ${sourceOf(right)}` };
    const what = left.op === 'call' && left.args[0] === 'type' ? (typeWords.get(sourceOf(right)) ?? sourceOf(right)) : literal(right);
    return { must: `be ${what}`, is: `is ${what}` };
  }
  if (node.op === 'in' && node.args[1].op === 'list') {
    const what = `one of ${node.args[1].args.map(literal).join(', ')}`;
    return { must: `be ${what}`, is: `is ${what}` };
  }
  if (node.op === '<=' && node.args[0].op === 'rcall' && node.args[0].args[0] === 'size') {
    const what = `at most ${sourceOf(node.args[1])} characters`;
    return { must: `have ${what}`, is: `has ${what}` };
  }
  if (node.op === '<=') {
    const what = `at most ${boundText(node.args[0], node.args[1])}`;
    return { must: `be ${what}`, is: `is ${what}` };
  }
  if (node.op !== 'rcall') return undefined;
  const [method, , [argument]] = node.args;
  if (method === 'matches') return argument && patternWords(argument);
  const verb = methodVerbs.get(method);
  return verb && argument && { must: `${verb.must} ${literal(argument)}`, is: `${verb.is} ${literal(argument)}` };
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['map', 'an object'],
]);
const methodVerbs: ReadonlyMap<string, Requirement> = new Map([
  ['startsWith', { must: 'start with', is: 'starts with' }],
  ['endsWith', { must: 'end with', is: 'ends with' }],
  ['contains', { must: 'contain', is: 'contains' }],
]);
const knownPatterns: ReadonlyMap<string, string> = new Map([
  [objectPathPattern, 'a path of letters, digits and ._=+@~- in parts between /, without ..'],
  [requestIdPattern, 'at most 36 lower-case letters, digits and -, with - only between others'],
  [requestedAmounts.cpu, 'an amount of CPU: cores such as "2" or "0.5", or thousandths such as "500m"'],
  [requestedAmounts.memory, 'an amount of memory: a whole number with Ki, Mi, Gi or Ti, such as "8Gi"'],
  [requestedAmounts.gpu, 'a whole number of GPUs'],
  [paramValuePattern, `at most ${paramValueMaxLength} printable ASCII characters without $, " and \\`],
]);

function patternWords(argument: ASTNode): Requirement {
  const pattern = argument.op === 'value' ? String(argument.args) : sourceOf(argument);
  const words = knownPatterns.get(pattern);
  return words === undefined ? { must: `match ${pattern}`, is: `matches ${pattern}` } : { must: `be ${words}`, is: `is ${words}` };
}

const literal = (node: ASTNode): string => (node.op === 'value' && typeof node.args === 'string' ? JSON.stringify(node.args) : sourceOf(node));

/** For `x.all(k, k in ['a', 'b'])`: which key of `x` is not allowed. */
function surplusKeys(node: ASTNode, value: unknown): { readonly found: string; readonly allowed: string } | undefined {
  const allowed = allowedKeys(node);
  if (!allowed || typeof value !== 'object' || value === null) return undefined;
  const surplus = Object.keys(value).find((key) => !allowed.includes(key));
  return surplus === undefined ? undefined : { found: found(surplus), allowed: allowed.join(', ') };
}

/** Several forms are right, and none of them was found. */
function explainChoices(choices: readonly ASTNode[], { variables }: Context): string {
  const paths = choices.flatMap((choice) => [...fieldPaths(choice)]);
  const common = (paths[0] ?? []).filter((part, index) => paths.every((path) => path[index] === part));
  let value: unknown = variables;
  for (const part of common)
    value = typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === part)?.[1] : undefined;
  const prefix = `${common.slice(1).join('.')}.`;
  const words = choices.map((choice) => describe(choice).replaceAll(prefix, ''));
  return `${common.slice(1).join('.') || 'the body'} is ${found(value)}; allowed: ${words.join('; or ')}`;
}

/** A choice in words: `spec.dataSource.connection is "raw" and spec.dataSource.path starts with "fraud/"`. */
function describe(node: ASTNode): string {
  if (node.op === '&&') return operands(node, '&&').map(describe).join(' and ');
  if (node.op === '||') return withoutAbsence(operands(node, '||')).map(describe).join(' or ');
  const present = hasArgument(node);
  if (present) return `${nameOf(present)} is given`;
  const subject = subjectOf(node);
  const verb = requirement(node);
  return subject && verb ? `${nameOf(subject)} ${verb.is}` : sourceOf(node);
}

/** The fields that an expression reads, as keys from `body`. */
function* fieldPaths(node: ASTNode): Generator<readonly string[]> {
  const path = fieldPath(node);
  if (path) yield path;
  else for (const child of childrenOf(node)) yield* fieldPaths(child);
}

/** A field as its author calls it. */
function nameOf(node: ASTNode): string {
  const path = fieldPath(node);
  if (path) return path.length === 1 ? 'the body' : path.slice(1).join('.');
  return sourceOf(node) === 'requestURL.parseURL().path' ? 'the path of the URL' : sourceOf(node);
}
/** What the request holds, on one line. */
const found = (value: unknown): string => (value === undefined ? 'nothing' : show(JSON.stringify(value)));
