import { nearest } from '../base/names.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import { homeOf, type Expected } from './locate-kind.js';
import { apiVersion, kinds, type Kind } from './kinds.js';
import { isMap, type Fields } from './values.js';
import { describeValue, enumerate, withArticle } from './words.js';

const ownGroup = apiVersion.slice(0, apiVersion.indexOf('/'));
const isKind = (kind: unknown): boolean => kinds.some((known) => known === kind);

/** What makes a document another one than its file calls for; then its fields need no look. Undefined: it is the right one. */
export function misidentified(file: string, value: unknown, { kind }: Expected): Diagnostic | undefined {
  const expected = withArticle(kind);
  const place = { file, path: [] };
  if (value === null || value === undefined) {
    if (kind === 'Platform') return diagnose('input/missing-platform', place, { problem: 'is empty' });
    return diagnose('input/empty-document', place, { kind: expected });
  }
  if (!isMap(value)) return diagnose('input/not-a-map', place, { found: describeValue(value), kind: expected });
  const found = value['kind'];
  if (typeof found !== 'string') return undefined;
  if (isOdahu(value)) return diagnose('input/odahu-document', { file, path: ['kind'] }, { kind: quote(found) });
  const version = value['apiVersion'];
  if (typeof version === 'string' && isForeign(version, found)) {
    return diagnose(
      'input/kubernetes-object',
      { file, path: ['kind'] },
      { apiVersion: quote(version), kind: quote(found), hint: hintForForeign(found) },
    );
  }
  if (found === kind) return undefined;
  return diagnose('input/wrong-kind', { file, path: ['kind'] }, { found: quote(found), expected, hint: hintForKind(found, kind) });
}

/** ODAHU's own documents have `id` where others have `metadata`, or its API group. */
const isOdahu = (value: Fields): boolean =>
  ('id' in value && 'spec' in value && !('metadata' in value)) ||
  (typeof value['apiVersion'] === 'string' && /^([a-z0-9-]+\.)*odahu(flow)?\.[a-z.]+\//.test(value['apiVersion']));

/** Another API group than ours, or than a slip of the pen for ours. KServe, too, has an InferenceService. */
function isForeign(version: string, kind: string): boolean {
  const slash = version.indexOf('/');
  const group = slash < 0 ? '' : version.slice(0, slash);
  if (group === ownGroup || nearest(group, [ownGroup]) !== undefined) return false;
  return group.includes('.') || !isKind(kind);
}

const hintForForeign = (kind: string): string =>
  kind === 'Secret'
    ? 'a Secret does not belong in git: remove it, and replace what it holds'
    : 'services/ holds only millrace.dev/v1 documents; keep other objects in another folder of the repository';

function hintForKind(found: string, expected: Kind): string {
  const near = kinds.find((known) => known === found) ?? nearest(found, kinds);
  const kind = kinds.find((known) => known === near);
  if (!kind) return `there are ${enumerate(kinds, 'and')}`;
  const meant = kind === found ? '' : `did you mean ${kind}?`;
  const home = kind === expected ? '' : `${withArticle(kind)} belongs in ${homeOf[kind]}`;
  return [meant, home].filter(Boolean).join(' ');
}
