import { creator as anthropic } from '@secretlint/secretlint-rule-anthropic';
import { creator as aws } from '@secretlint/secretlint-rule-aws';
import { creator as github } from '@secretlint/secretlint-rule-github';
import { creator as npm } from '@secretlint/secretlint-rule-npm';
import { creator as openai } from '@secretlint/secretlint-rule-openai';
import { creator as sendgrid } from '@secretlint/secretlint-rule-sendgrid';
import { creator as slack } from '@secretlint/secretlint-rule-slack';
import { keyRanges, type FoundKey } from '../base/key-forms.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { viewsOf } from './encoded-text.js';
import type { SourceFile } from './source.js';

/** What the rules of secretlint use of the program that runs them; the package that has the types has the engine, too. */
interface RuleContext {
  readonly sharedOptions: Record<string, never>;
  readonly createTranslator: () => (id: string) => { readonly messageId: string; readonly message: string };
  readonly report: (problem: { readonly range: readonly [number, number] }) => void;
  readonly ignore: () => void;
}
interface Rule {
  readonly file: (source: { readonly content: string; readonly filePath: string; readonly ext: string; readonly contentType: string }) => unknown;
}
type RuleCreator = { readonly create: (context: never, options: never) => unknown };

const creators: readonly (readonly [kind: string, creator: RuleCreator])[] = [
  ['a key of Anthropic', anthropic],
  ['a key of AWS', aws],
  ['a token of GitHub', github],
  ['a token of npm', npm],
  ['a key of OpenAI', openai],
  ['a key of SendGrid', sendgrid],
  ['a token of Slack', slack],
];

/** Made once, when a text first looks as if it held a key. */
let scan: ((text: string) => readonly FoundKey[]) | undefined;

function scanner(): (text: string) => readonly FoundKey[] {
  let found: FoundKey[] = [];
  const rules = creators.map(([kind, creator]): Rule => {
    const context: RuleContext = {
      sharedOptions: {},
      createTranslator: () => (messageId) => ({ messageId, message: messageId }),
      report: ({ range: [start, end] }) => {
        found.push({ kind, start, end });
      },
      ignore: () => undefined,
    };
    return creator.create(context as never, {} as never) as Rule;
  });
  return (content) => {
    found = [];
    for (const rule of rules) rule.file({ content, filePath: 'definition.yaml', ext: '.yaml', contentType: 'text' });
    return found;
  };
}

/** Digests of images and models are the only long words with digits that definitions have as a rule. */
const digests = /sha(?:256|512):[0-9a-f]{64,128}|(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])/g;
/** A word that might be a key, or a key in base64. */
const words = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const marks = /-----BEGIN|:\/\/[^\s/"']*@|sig=/;
/** The rest of a word that goes on in the next line of its scalar or comment. */
const nextLine = /[\\ \t]{0,64}\r?\n[ \t]{0,256}(?:#[ \t]{0,64})?([A-Za-z0-9+/_-]+={0,2})(?=["'\s\\]|$)/y;

/** A path or a name has small letters alone, as a rule; a key has so only if it is long. */
const isCandidate = (word: string): boolean => /[0-9]/.test(word) && (/[A-Z]/.test(word) || (word.length >= 30 && /[a-z]/.test(word)));

/** What is encoded more often than this hides from people as well. */
const maxDepth = 3;

/**
 * Where a text holds a key in plain: anywhere in it, comments and URLs included, also in base64, in escapes of YAML, JSON and
 * URLs, and broken over lines. Keys are told by their form (ours for the stores, secretlint's for other services), so that a
 * password somebody thought of is not found here.
 */
export const findSecrets = (text: string): readonly FoundKey[] => find(text, 0);

function find(text: string, depth: number): readonly FoundKey[] {
  const found = viewsOf(text).flatMap((view) =>
    findInView(view.text, depth).map(({ kind, start, end }) => ({
      kind,
      start: view.offsets?.[start] ?? start,
      end: view.offsets?.[end] ?? end,
    })),
  );
  return withoutOverlaps(found);
}

function findInView(text: string, depth: number): readonly FoundKey[] {
  const content = text.replace(digests, (digest) => '0'.repeat(digest.length));
  const all = [...content.matchAll(words)];
  const candidates = all.filter(([word]) => isCandidate(word));
  if (candidates.length === 0 && !marks.test(content)) return [];
  return [
    ...findPlain(content),
    ...candidates.flatMap(({ 0: word, index }) => inBase64({ word, start: index, end: index + word.length }, depth)),
    ...wrapped(content, all).flatMap((run) => {
      const { word, start, end } = run;
      const plain = findPlain(word)[0];
      return plain ? [{ kind: plain.kind, start, end }] : inBase64(run, depth);
    }),
  ];
}

function findPlain(text: string): readonly FoundKey[] {
  scan ??= scanner();
  return [...keyRanges(text), ...scan(text)];
}

interface Run {
  /** Without what broke it. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Words that go on in the next line, as tools break base64 after 64 or 76 characters. */
function wrapped(text: string, found: readonly RegExpExecArray[]): readonly Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const { 0: first, index: start } of found) {
    if (start < end) continue;
    let word = first;
    end = start + first.length;
    // Behind `=` nothing follows in base64.
    while (!word.endsWith('=')) {
      nextLine.lastIndex = end;
      const [next, part] = nextLine.exec(text) ?? [];
      if (next === undefined || part === undefined) break;
      word += part;
      end += next.length;
    }
    if (word !== first && isCandidate(word)) runs.push({ word, start, end });
  }
  return runs;
}

/** Something may stand before the key in its word, so that its characters begin anywhere in a group of four. */
function inBase64({ word, start, end }: Run, depth: number): readonly FoundKey[] {
  if (word.length < 24 || depth >= maxDepth) return [];
  const plain = word.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  for (const shift of [0, 1, 2, 3]) {
    const rest = plain.slice(shift);
    const [first] = find(atob(rest.slice(0, rest.length % 4 === 1 ? -1 : undefined)), depth + 1);
    if (first) return [{ kind: first.kind.endsWith(' in base64') ? first.kind : `${first.kind} in base64`, start, end }];
  }
  return [];
}

/** The first of those that share characters says what they are. */
function withoutOverlaps(found: readonly FoundKey[]): readonly FoundKey[] {
  const joined: FoundKey[] = [];
  for (const key of [...found].sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (!before || key.start >= before.end) joined.push(key);
    else if (key.end > before.end) joined[joined.length - 1] = { ...before, end: key.end };
  }
  return joined;
}

/** What SOPS and kubeseal have encrypted: values, keys of values, and long words. None of it opens without a key that is elsewhere. */
const encrypted = /ENC\[[^\]\n]*\]|-----BEGIN (?:AGE|PGP) [^"']{0,8192}?-----END|^[ \t-]*["']?enc["']?:.*$|[A-Za-z0-9+/]{200,}={0,2}/gm;

/** The same of a file that holds an encrypted Secret: what of it is not encrypted is passed on, too. */
export const secretProblemsOfEncrypted = ({ path, text }: SourceFile): readonly Diagnostic[] =>
  secretProblems({ path, text: text.replace(encrypted, (found) => found.replace(/[^\n]/g, ' ')) });

/** Every key in a definition, as an error: what is in git is in its history for good. */
export const secretProblems = ({ path, text }: SourceFile): readonly Diagnostic[] =>
  findSecrets(text).map(({ kind, start, end }) => diagnose('source/secret', { file: path, start, end }, { kind }));

/**
 * The same of a value that was given in code rather than in a file. A map whose key is one is named by its own place: a path
 * with the key in it would show it.
 */
export function secretsInValue(value: unknown, { file, path }: Place): readonly Diagnostic[] {
  if (typeof value === 'string') return findSecrets(value).map(({ kind }) => diagnose('source/secret', { file, path }, { kind }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const inKey = findSecrets(key).map(({ kind }) => diagnose('source/secret', { file, path }, { kind }));
    return inKey.length > 0 ? inKey : secretsInValue(part, { file, path: [...path, Array.isArray(value) ? Number(key) : key] });
  });
}
