import { readSync } from 'node:fs';
import type { SourceWindow } from '../diagnostics/diagnostic.js';
import type { Violation } from '../oip/violation.js';
import { cover } from '../source/cover-secrets.js';
import { findSecrets } from '../source/find-secrets.js';
import { pieces } from './validate-file.js';

/** Bytes of the line that are shown at most, before and behind the place. */
const around = 256;
/** On a line where the place is further behind, the column counts bytes. */
const farthest = 1 << 20;
const decoder = new TextDecoder();

/**
 * What of the file is shown with each violation. The file is read once more to find where their lines begin: who has
 * violations can wait for it, and a file of a gigabyte on one line is shown like any other.
 */
export function windowsOf(descriptor: number, violations: readonly Violation[], buffer: Uint8Array): readonly SourceWindow[] {
  const starts = lineStarts(
    descriptor,
    violations.map(({ offset }) => offset),
    buffer,
  );
  return violations.map(({ offset, line, pointer }, index) => windowAt(descriptor, { offset, line, pointer, lineStart: starts[index] ?? 0 }));
}

/** For each of the offsets, which ascend, where its line begins. */
function lineStarts(descriptor: number, offsets: readonly number[], buffer: Uint8Array): readonly number[] {
  const found: number[] = [];
  let base = 0;
  let lineStart = 0;
  for (const piece of pieces(descriptor, buffer)) {
    let at = 0;
    while (found.length < offsets.length) {
      const next = piece.indexOf(0x0a, at);
      const end = next < 0 ? base + piece.length - 1 : base + next;
      while ((offsets[found.length] ?? Infinity) <= end) found.push(lineStart);
      if (next < 0) break;
      lineStart = base + next + 1;
      at = next + 1;
    }
    base += piece.length;
    if (found.length === offsets.length) break;
  }
  // What is missing at the end of the file is behind its last byte.
  while (found.length < offsets.length) found.push(lineStart);
  return found;
}

interface At {
  readonly offset: number;
  readonly line: number;
  readonly pointer: string;
  readonly lineStart: number;
}

function windowAt(descriptor: number, { offset, line, pointer, lineStart }: At): SourceWindow {
  const from = Math.max(lineStart, offset - around);
  const before = decoder.decode(wholeCharacters(read(descriptor, from, offset - from)));
  const behind = read(descriptor, offset, around);
  const end = behind.indexOf(0x0a);
  const rest = decoder.decode(end < 0 ? behind : behind.subarray(0, end));
  const marked = /^(?:"[^"\\]{0,60}"?|[-+.\w]+|.)/su.exec(rest)?.[0].length ?? 0;
  const isNear = offset - lineStart <= farthest;
  const column = isNear ? decoder.decode(read(descriptor, lineStart, offset - lineStart)).length + 1 : offset - lineStart + 1;
  const text = withoutSecrets(descriptor, { from, offset, lineStart, before, rest });
  return { text, start: before.length, end: before.length + marked, line, column, pointer: coverPointer(pointer) };
}

/** Bytes before and behind the place in which a key may begin or end that is shown in part. */
const widely = 8192;

interface Shown extends Pick<At, 'offset' | 'lineStart'> {
  readonly from: number;
  readonly before: string;
  readonly rest: string;
}

/** Files are somebody's data; what is shown of them may end in the log of a pipeline. */
function withoutSecrets(descriptor: number, { from, offset, lineStart, before, rest }: Shown): string {
  const earlier = Math.max(lineStart, from - widely);
  const lead = decoder.decode(wholeCharacters(read(descriptor, earlier, from - earlier)));
  const behind = read(descriptor, offset, around + widely);
  const end = behind.indexOf(0x0a);
  const whole = lead + before + decoder.decode(end < 0 ? behind : behind.subarray(0, end));
  const found = findSecrets(whole);
  return found.length === 0 ? before + rest : cover(whole, found).slice(lead.length, lead.length + before.length + rest.length);
}

/** A JSON Pointer without the names that are keys, or hold one. */
const coverPointer = (pointer: string): string =>
  pointer
    .split('/')
    .map((name) => (findSecrets(name.replaceAll('~1', '/').replaceAll('~0', '~')).length > 0 ? '…' : name))
    .join('/');

/** Without the rest of a character at the beginning. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return bytes.subarray(at);
}

function read(descriptor: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, at + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
