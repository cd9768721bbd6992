import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { holdsNames, isSecretFlag, mayBeNamed, secretRanges, soundsSecret, toldRange, userinfoOf, type Range } from '../base/secrets.js';
import { compose } from './compose.js';
import { findSecrets } from './find-secrets.js';

/** Below these keys stand names of Secrets only, or variables with any name, so that anything else there may be a secret. */
const secretive: ReadonlySet<string> = new Set(['credentials', 'secretRef', 'env']);
/** What may be shown even of a text that cannot be parsed. */
const harmless: ReadonlySet<string> = new Set(['credentials', 'secretRef', 'name', 'keys', 'anonymous', 'true', 'false', '-']);
/** What Kubernetes takes as the name of a Secret; the keys of clouds are longer or hold other characters. */
const secretName = /^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/;
/** Of several Secrets: `risk-*`. */
const namePattern = /^[a-z0-9][-a-z0-9.]{0,62}\*?$|^\*$/;

/** A text without any of these needs no second look. */
const suspicious = /[@?=\\]|credential|creds|secret|pass|pwd|token|key|sas|sig|auth|bearer|string|env|-u|pat|pw/i;

/**
 * The text of a definition as it may be shown: what is or may be a secret is covered by `*`, and every other character
 * stays where it was, so that lines, columns and carets are true. Whatever quotes a definition quotes this.
 */
export function coverSecrets(text: string): string {
  if (!suspicious.test(text)) return cover(text, findSecrets(text));
  const ranges: Range[] = [...findSecrets(text), ...secretRanges(text), ...inComments(text), ...withoutBlank(text)];
  const composed = compose(text);
  if ('problem' in composed || composed.document.errors.length > 0) ranges.push(...inBrokenText(text));
  else inNode(composed.document.contents, text, false, ranges);
  return cover(text, ranges);
}

/** The text of a file of a repository as it may be shown. */
export const coverFile = (path: string, text: string): string =>
  isSecretFile(path) ? cover(coverSecretFile(text), findSecrets(text)) : coverSecrets(text);

/** Whether a file below the root is the place of an encrypted Secret, the platform's or a team's. */
export const isSecretFile = (path: string): boolean => /^services\/(?:[^/]+\/)?connections\/secrets\/[^/]+$/.test(path);

/** Fields of a Secret, a SealedSecret and of what SOPS writes, which may be shown. */
const fieldsOfSecrets =
  /^(\s*["']?(?:apiVersion|kind|metadata|name|namespace|annotations|labels|creationTimestamp|type|immutable|data|stringData|spec|encryptedData|template|status|sops|mac|version)["']?\s*:)(.*)$/;
const keysOfSecrets =
  /^(\s*["']?(?:access_key_id|secret_access_key|session_token|service_account\.json|account_key|sas_url|AWS_[A-Z_]{1,30}|sealedsecrets\.bitnami\.com\/[-a-z]{1,20})["']?\s*:)(.*)$/;
/** Behind these stands no value of a Secret. */
const namesOfSecrets =
  /^\s*["']?(?:(?:apiVersion|kind)["']?\s*:\s*["']?[a-zA-Z][a-zA-Z0-9./]{0,62}|name(?:space)?["']?\s*:\s*["']?[a-z0-9][-a-z0-9.]{0,62})["']?,?\s*$/;

/** The same for a file that holds a Secret, encrypted or, by mistake, not: of its values nothing is shown, wherever they stand. */
export const coverSecretFile = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      if (namesOfSecrets.test(line)) return line;
      const [, field, rest] = fieldsOfSecrets.exec(line) ?? keysOfSecrets.exec(line) ?? [];
      return (field ?? '') + (field === undefined ? line : (rest ?? '')).replace(/\S/g, '*');
    })
    .join('\n');

/** A text with these ranges covered, in one pass. */
export function cover(text: string, ranges: readonly Range[]): string {
  let covered = '';
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    covered += text.slice(at, from) + text.slice(from, end).replace(/\S/g, '*');
    at = end;
  }
  return covered + text.slice(at);
}

/** @param isSecret whether every value below may be a secret */
function inNode(node: ParsedNode | null, text: string, isSecret: boolean, found: Range[]): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) inPair(isScalar(key) ? String(key.value) : '', value, text, isSecret, found);
  } else if (isSeq(node)) {
    let before: unknown;
    for (const item of node.items) {
      const value = isScalar(item) ? item.value : undefined;
      inNode(
        item,
        text,
        isSecret || (isFlag(before) && !startsFlag(value)) || (isUserFlag(before) && typeof value === 'string' && value.includes(':')),
        found,
      );
      before = value;
    }
  } else if (isScalar(node)) {
    const [start, end] = node.range;
    // With the comment behind it.
    if (isSecret) found.push({ start, end: node.range[2] });
    else found.push(...inValue(text.slice(start, end), node.value).map((each) => ({ start: start + each.start, end: start + each.end })));
  }
}

const isFlag = (argument: unknown): boolean => typeof argument === 'string' && isSecretFlag(argument);
/** `curl -u me:…` */
const isUserFlag = (argument: unknown): boolean => argument === '-u' || argument === '--user';
/** The flag before it is given nothing. */
const startsFlag = (argument: unknown): boolean => typeof argument === 'string' && /^--[a-z]/i.test(argument);

/** A value of several lines or with blanks is more than a word. Where only its escapes say it, all of it is covered. */
function inValue(written: string, value: unknown): readonly Range[] {
  const certain = userinfoOf(written) ?? toldRange(written);
  if (certain) return [certain];
  const isHidden =
    typeof value === 'string' && written.includes('\\') && ((userinfoOf(value) ?? toldRange(value)) !== undefined || secretRanges(value).length > 0);
  return isHidden ? [{ start: 0, end: written.length }] : [];
}

function inPair(key: string, value: ParsedNode | null, text: string, isSecret: boolean, found: Range[]): void {
  if (isSecret && isScalar(value) && mayBeShown(key, value.value)) return;
  const items = isSeq(value) ? value.items : [value];
  if (key === 'files' && items.every((item) => isScalar(item) && typeof item.value === 'string' && secretFilePath.test(item.value))) return;
  for (const item of items.filter((each) => isScalar(each))) {
    if (key === 'endpoint' || key === 'endpoints' || key === 'url') found.push(...beforeAt(text, item.range), ...query(text, item.range));
    if (holdsNames(key) && !(typeof item.value === 'string' && namePattern.test(item.value)))
      found.push({ start: item.range[0], end: item.range[2] });
  }
  if (key === 'credentials') inFields(value, found);
  inNode(value, text, isSecret || secretive.has(key) || soundsSecret(key), found);
}

/** A field that nobody knows may be the secret itself. */
function inFields(node: ParsedNode | null, found: Range[]): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (isScalar(key) && !mayBeNamed(String(key.value))) found.push({ start: key.range[0], end: key.range[1] });
    inFields(value, found);
  }
}

const mayBeShown = (key: string, value: unknown): boolean =>
  typeof value === 'boolean' ? flags.has(key) : typeof value === 'string' && (publicForms.get(key)?.test(value) ?? false);

/** What a connection lists of encrypted Secrets. */
const secretFilePath = /^secrets\/[a-z0-9][-a-z0-9.]{0,252}\.yaml$/;
const flags: ReadonlySet<string> = new Set(['anonymous', 'sharedIdentity']);
const clientId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What stands below `credentials` and is no secret, where it has its own form: a key of a cloud has another one. */
const publicForms: ReadonlyMap<string, RegExp> = new Map([
  ['name', secretName],
  ['kind', /^(?:Cluster)?SecretStore$/],
  ['refreshInterval', /^[0-9]{1,6}[smh]$/],
  ['deletionPolicy', /^(?:Retain|Delete)$/],
  ['roleArn', /^arn:aws[-a-z]*:iam::[0-9]{12}:role\/[-\w+=,.@/]{1,512}$/],
  ['audience', /^\/\/iam\.googleapis\.com\/projects\/[-\w/]{1,512}$/],
  ['serviceAccount', /^[-a-z0-9]{1,63}@[-a-z0-9]{1,63}\.iam\.gserviceaccount\.com$/],
  ['tenantId', clientId],
  ['clientId', clientId],
]);

/** An endpoint has no other use for `@` than after a user. */
function beforeAt(text: string, [start, end]: readonly [number, number, number]): readonly Range[] {
  const value = text.slice(start, end);
  const at = value.lastIndexOf('@');
  const [scheme = ''] = /^["']?[a-z0-9+.-]*:\/\//i.exec(value) ?? [];
  return at < scheme.length ? [] : [{ start: start + scheme.length, end: start + at }];
}

/** Tokens stand there; no field of ours takes one. */
function query(text: string, [start, end]: readonly [number, number, number]): readonly Range[] {
  const mark = text.slice(start, end).indexOf('?');
  const last = /["']$/.test(text.slice(start, end)) ? end - 1 : end;
  return mark < 0 ? [] : [{ start: start + mark + 1, end: last }];
}

/** A comment that sounds like a secret may be one that was taken out. */
const inComments = (text: string): readonly Range[] =>
  [...text.matchAll(/(?:^|[ \t])#(.*)$/gm)].flatMap(({ 0: found, 1: comment = '', index }) =>
    comment.split(/[^\w.-]+/).some(soundsSecret) ? [{ start: index + found.length - comment.length, end: index + found.length }] : [],
  );

/** `token:abc` is no pair but a word, because the blank is missing: its author does not know. */
const withoutBlank = (text: string): readonly Range[] =>
  [...text.matchAll(/^[ \t]*(?:- +)?["']?([\w.-]{1,256})["']?:([^\s"'].*)$/gm)].flatMap(({ 0: line, 1: key = '', 2: value = '', index }) =>
    soundsSecret(key) || secretive.has(key) ? [{ start: index + line.length - value.length, end: index + line.length }] : [],
  );

/** A text that is no YAML: covers rather too much, line by line. */
function inBrokenText(text: string): readonly Range[] {
  const found: Range[] = [...behindFlags(text)];
  let offset = 0;
  /** Lines that are indented at least this far are secret; undefined: none is. */
  let column: number | undefined;
  /** Below a key, a list may stand as far to the left as the key. */
  let listColumn = 0;
  /** The names of variables may be shown. */
  let isEnv = false;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S|$/);
    const isBlank = /^\s*(?:#|$)/.test(line);
    if (column !== undefined && !isBlank && indent < (isItem.test(line) ? listColumn : column)) column = undefined;
    let from = column === undefined ? undefined : 0;
    for (const { 0: key, 1: word = '', index } of line.matchAll(/(?<![\w.-])([\w.-]+)["']?[ \t]*(?::(?=[\s"'[{]|$)|=)/g)) {
      if (from === undefined) isEnv = word === 'env';
      if (from !== undefined || !(secretive.has(word) || soundsSecret(word))) continue;
      from = index + key.length;
      // In brackets and in quotes, indentation says nothing of what belongs to what.
      const isBlock = /^\s*(?:- +)?["']?$/.test(line.slice(0, index)) && areClosed(line.slice(from));
      column = isBlock ? indent + 1 : 0;
      listColumn = isBlock && !isItem.test(line) ? indent : column;
    }
    if (from !== undefined) found.push(...wordsFrom(line, from, offset, isEnv));
    offset += line.length + 1;
  }
  return found;
}

const isItem = /^\s*-(?:\s|$)/;

const areClosed = (text: string): boolean =>
  text.replace(/[^[{]/g, '').length <= text.replace(/[^\]}]/g, '').length && !/^\s*(?:"[^"]*|'[^']*)$/.test(text);

/** The item of a list behind one that is a flag. */
const behindFlags = (text: string): readonly Range[] =>
  [...text.matchAll(/(?<![\w.-])(--?\w[\w.-]{0,255})["']?[ \t]*(?:,\s*|\r?\n[ \t]*-[ \t]+)(?!["']?--[a-z])("[^"\n]*|'[^'\n]*|[^\s,\]]+)/gi)].flatMap(
    ({ 0: all, 1: flag = '', 2: value = '', index }) =>
      isSecretFlag(flag) ? [{ start: index + all.length - value.length, end: index + all.length }] : [],
  );

const wordsFrom = (line: string, from: number, offset: number, isEnv: boolean): readonly Range[] =>
  [...line.slice(from).matchAll(/[^\s{}[\],:"']+/g)]
    .filter(({ 0: word, index }) => !harmless.has(word) && !(isEnv && isVariable(line, from + index, word)))
    .map(({ 0: word, index }) => ({ start: offset + from + index, end: offset + from + index + word.length }));

/** A word in the place of a key. */
const isVariable = (line: string, at: number, word: string): boolean =>
  /^[A-Za-z_]\w*$/.test(word) &&
  /^["']?:(?:\s|$)/.test(line.slice(at + word.length, at + word.length + 3)) &&
  /(?:^|[{,-])\s*["']?$/.test(line.slice(Math.max(0, at - 40), at));
