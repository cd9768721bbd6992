import { findSyntaxError, lineAndColumn } from '../json/find-syntax-error.js';
import { validateRequest } from './request.js';
import { validateResponse } from './response.js';
import type { Verdict } from './violation.js';

export type Direction = 'request' | 'response';

const notJson = (message: string): Verdict => ({ violations: [{ code: 'E-JSON', pointer: '', message }], total: 1 });

const hasByteOrderMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Undefined where the bytes are no UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Checks the bytes of one document: strict UTF-8 without a byte order mark, JSON, and the rules of its direction. */
export function validateDocument(bytes: Uint8Array, direction: Direction): Verdict {
  if (hasByteOrderMark(bytes)) return notJson('starts with a byte order mark');
  const text = decodeUtf8(bytes);
  if (text === undefined) return notJson('is not valid UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes the document, which may be confidential.
    const { line, column } = lineAndColumn(text, findSyntaxError(text) ?? text.length);
    return notJson(text.trim() === '' ? 'is empty' : `is not valid JSON: line ${String(line)}, column ${String(column)}`);
  }
  return direction === 'request' ? validateRequest(value) : validateResponse(value);
}
