import { creator as anthropic } from '@secretlint/secretlint-rule-anthropic';
import { creator as aws } from '@secretlint/secretlint-rule-aws';
import { creator as github } from '@secretlint/secretlint-rule-github';
import { creator as npm } from '@secretlint/secretlint-rule-npm';
import { creator as openai } from '@secretlint/secretlint-rule-openai';
import { creator as sendgrid } from '@secretlint/secretlint-rule-sendgrid';
import { creator as slack } from '@secretlint/secretlint-rule-slack';
import { keyRanges, type FoundKey } from '../base/key-forms.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
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
/** A word that might be a key, or the end of user and password in a URL. */
const words = /[A-Za-z0-9+/=_-]{16,}/g;
const marks = /-----BEGIN|:\/\/[^\s/"']*@|[?&;]sig=/;

const isCandidate = (word: string): boolean => /[0-9]/.test(word) && /[A-Za-z]/.test(word);

/**
 * Where a text holds a key in plain: anywhere in it, comments and URLs included, also in base64. Keys are told by their
 * form (ours for the stores, secretlint's for other services), so that a password somebody thought of is not found here.
 */
export function findSecrets(text: string): readonly FoundKey[] {
  const content = text.replace(digests, (digest) => '0'.repeat(digest.length));
  const candidates = [...content.matchAll(words)].filter(([word]) => isCandidate(word));
  if (candidates.length === 0 && !marks.test(content)) return [];
  const found = [...findPlain(content), ...candidates.flatMap(({ 0: word, index }) => inBase64(word, index))];
  return withoutOverlaps(found);
}

function findPlain(text: string): readonly FoundKey[] {
  scan ??= scanner();
  return [...keyRanges(text), ...scan(text)];
}

function inBase64(word: string, start: number): readonly FoundKey[] {
  if (word.length < 24) return [];
  const decoded = decode(word);
  if (decoded === undefined || !/^[\t\n\r\x20-\x7e]{16,}$/.test(decoded)) return [];
  const [first] = findPlain(decoded);
  return first ? [{ kind: `${first.kind} in base64`, start, end: start + word.length }] : [];
}

function decode(word: string): string | undefined {
  try {
    return atob(word.replace(/-/g, '+').replace(/_/g, '/'));
  } catch {
    return undefined;
  }
}

/** The first of those that share characters says what it is. */
function withoutOverlaps(found: readonly FoundKey[]): readonly FoundKey[] {
  let end = 0;
  return [...found]
    .sort((a, b) => a.start - b.start)
    .filter((key) => {
      if (key.start < end) return false;
      end = key.end;
      return true;
    });
}

/** Every key in a definition, as an error: what is in git is in its history for good. */
export const secretProblems = ({ path, text }: SourceFile): readonly Diagnostic[] =>
  findSecrets(text).map(({ kind, start, end }) => diagnose('source/secret', { file: path, start, end }, { kind }));
