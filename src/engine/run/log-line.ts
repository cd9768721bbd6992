/** What a person wants to see of the lines that a helper step logs: JSON records of our runtime and of rclone, and plain text. */
import { isFields, parseJson, type Fields } from '../../base/fields.js';

export type LogLine =
  | { readonly kind: 'message'; readonly text: string; /** Code of the failure that it tells, for `millrace explain`. */ readonly reason?: string }
  /** rclone has copied one more file. */
  | { readonly kind: 'copied'; readonly bytes: number }
  /** How far a long copy is. */
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'nothing' };

const nothing: LogLine = { kind: 'nothing' };

/** Of each file and folder rclone says one of these; the files are counted instead. */
const perObject = /^(Copied|Updated|Replaced|Made directory|Set directory|Deleted|Unchanged|There was nothing to transfer)/;
/** What the runtime tells for `kubectl logs`; here it is told at the end. */
const explainLine = /^help: millrace explain /;
/** Fields of the runtime's records that everyone has, or that are told at the end of a run. */
const notShown = new Set(['time', 'level', 'step', 'message', 'reason', 'code', 'jobId', 'modelSha256']);

/** What is to be shown of one line; the line has no line break. */
export function readLogLine(line: string): LogLine {
  const record = line.startsWith('{') ? parseObject(line) : undefined;
  if (typeof record?.['message'] === 'string') {
    const { message: sentence, reason } = record;
    return { kind: 'message', text: sentence + details(record), ...(typeof reason === 'string' ? { reason } : {}) };
  }
  if (typeof record?.['msg'] === 'string') return rcloneMessage(record['msg'].trim(), record);
  return explainLine.test(line) ? nothing : message(line);
}

const message = (text: string): LogLine => (text.trim() === '' ? nothing : { kind: 'message', text });

function details(record: Fields): string {
  const shown = Object.entries(record).filter(([key]) => !notShown.has(key));
  return shown.length > 0 ? ` (${shown.map(([key, value]) => `${key} ${String(value)}`).join(', ')})` : '';
}

function rcloneMessage(text: string, record: Fields): LogLine {
  if (text.startsWith('Copied')) return { kind: 'copied', bytes: typeof record['size'] === 'number' ? record['size'] : 0 };
  if ('stats' in record) return isLong(record['stats']) ? { kind: 'progress', text } : nothing;
  if (perObject.test(text)) return nothing;
  const object = record['object'];
  return message(typeof object === 'string' && object !== '' ? `${object}: ${text}` : text);
}

/** Short copies are told by their result alone; rclone tells of longer ones every 10 seconds. */
const isLong = (stats: unknown): boolean =>
  typeof stats === 'object' && stats !== null && 'elapsedTime' in stats && typeof stats.elapsedTime === 'number' && stats.elapsedTime > 9;

function parseObject(text: string): Fields | undefined {
  const value = parseJson(text);
  return isFields(value) ? value : undefined;
}
