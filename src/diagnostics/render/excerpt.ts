import { escapeUnsafe } from '../../base/text.js';
import { lineRange } from '../line-column.js';
import type { Position } from './position.js';

/** Of a longer line only this many characters around the caret are shown. */
const widest = 160;
const beforeCaret = 60;

export interface Excerpt {
  readonly line: string;
  /** What stands below the line up to the carets: white space of the same width. */
  readonly padding: string;
  readonly carets: string;
}

/** The line where a position starts, and what marks the position below it. One that goes on in later lines is marked to the end of the first. */
export function excerptOf({ table, start, end, line }: Position): Excerpt {
  const { text } = table;
  const range = lineRange(table, line);
  const caret = Math.min(start, range.end);
  const from =
    range.end - range.start <= widest ? range.start : wholeCharacter(text, Math.max(range.start, Math.min(caret - beforeCaret, range.end - widest)));
  const to = wholeCharacter(text, Math.min(range.end, from + widest));
  const marked = text.slice(caret, Math.max(caret, Math.min(end, to)));
  const lead = from > range.start ? '…' : '';
  const trail = to < range.end ? '…' : '';
  return {
    line: `${lead}${visible(text.slice(from, to))}${trail}`,
    // A tab stays a tab, so that both lines jump to the same stop.
    padding: lead.replace('…', ' ') + visible(text.slice(from, caret)).replace(/[^\t]/gu, (character) => ' '.repeat(widthOf(character))),
    carets: '^'.repeat(
      Math.max(
        1,
        [...visible(marked)].reduce((sum, character) => sum + widthOf(character), 0),
      ),
    ),
  };
}

const visible = (text: string): string => text.split('\t').map(escapeUnsafe).join('\t');

/** Not between the two halves of a character. */
function wholeCharacter(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

const combining = /^[\p{M}\ufe0e\ufe0f]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** Columns of a terminal, near enough to keep carets below what they mark. */
function widthOf(character: string): number {
  if (character <= '\u02ff') return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
