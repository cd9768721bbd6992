/** What a person wants to see of the lines that a helper step logs: JSON records of our runtime and of rclone, and plain text. */
import type { Fields } from '../objects.js';

export type LogLine =
  | { readonly kind: 'message'; readonly text: string }
  /** rclone has copied one more file. */
  | { readonly kind: 'copied'; readonly bytes: number }
  | { readonly kind: 'nothing' };

const nothing: LogLine = { kind: 'nothing' };

/** Of each file and folder rclone says one of these; the files are counted instead. */
const perObject = /^(Copied|Updated|Replaced|Made directory|Set directory|Deleted|Unchanged|There was nothing to transfer)/;
/** What the runtime tells for `kubectl logs`; here it is told at the end. */
const explainLine = /^help: millrace explain /;
/** What every record of the runtime has, or what is told at the end. */
const known = new Set(['time', 'level', 'step', 'message', 'reason', 'code', 'cause', 'jobId']);

export function readLogLine(line: string): LogLine {
  const record = line.startsWith('{') ? parseObject(line) : undefined;
  if (typeof record?.['message'] === 'string') return message(record['message'] + details(record));
  if (typeof record?.['msg'] === 'string') return rcloneMessage(record['msg'].trim(), record);
  return explainLine.test(line) ? nothing : message(line);
}

const message = (text: string): LogLine => (text.trim() === '' ? nothing : { kind: 'message', text });

function details(record: Fields): string {
  const shown = Object.entries(record).filter(([key]) => !known.has(key));
  return shown.length > 0 ? ` (${shown.map(([key, value]) => `${key} ${String(value)}`).join(', ')})` : '';
}

function rcloneMessage(text: string, record: Fields): LogLine {
  if (text.startsWith('Copied')) return { kind: 'copied', bytes: typeof record['size'] === 'number' ? record['size'] : 0 };
  if (perObject.test(text) || 'stats' in record) return nothing;
  const object = record['object'];
  return message(typeof object === 'string' && object !== '' ? `${object}: ${text}` : text);
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
