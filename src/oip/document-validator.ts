import type { Accelerator } from '../json/accelerator.js';
import { createDataState } from '../json/data-state.js';
import { jsonLimits, type JsonLimits } from '../json/json-limits.js';
import { createJsonScanner } from '../json/json-scanner.js';
import type { JsonScanner } from '../json/scanner.js';
import type { NameKey } from '../json/name-hash.js';
import { createDocumentReader } from './document-reader.js';
import type { FindFacts, TakeFacts } from './expectations.js';
import type { Direction } from './members.js';
import type { Profile } from './profile.js';
import { createReport, type Position } from './report.js';
import type { Coercion, Framing } from './settings.js';
import { createTensor } from './tensor.js';
import { createCollector, violationsKept, type Collector, type Verdict } from './violation.js';

export interface ValidatorOptions {
  readonly direction: Direction;
  /** Random: without it, one file can be made so that each of its names is compared with all others. No verdict depends on it. */
  readonly nameKey: NameKey;
  /** @default 'spec' */
  readonly profile?: Profile | undefined;
  /** @default 'document' */
  readonly framing?: Framing | undefined;
  /** What becomes of elements that a server could convert: `allow` makes them warnings. @default 'refuse' */
  readonly coercion?: Coercion | undefined;
  /** So many errors, and so many warnings, are kept. @default 100 */
  readonly kept?: number | undefined;
  readonly limits?: Partial<JsonLimits> | undefined;
  /** What is known of the requests that the responses of a file answer. */
  readonly request?: FindFacts | undefined;
  /** Is told what the requests of a file ask for, also where it is not valid. */
  readonly facts?: TakeFacts | undefined;
  readonly accelerator?: Accelerator | undefined;
}

/** Checks files against the Open Inference Protocol V2, piece by piece; one after the other. Memory does not depend on their size. */
export interface DocumentValidator {
  /** The next bytes of the file. False where what follows cannot change the verdict. */
  push(bytes: Uint8Array): boolean;
  /** The file has ended; what comes next belongs to another one. */
  end(): Verdict;
}

/** A validator for one file after another, with the rules of a profile and a framing. */
export function createDocumentValidator(options: ValidatorOptions): DocumentValidator {
  const { direction, nameKey, profile = 'spec', framing = 'document', coercion = 'refuse', kept = violationsKept, accelerator } = options;
  const limits = { ...jsonLimits, ...options.limits };
  const state = accelerator?.state ?? createDataState();
  let collector = createCollector(kept);
  // The reader tells of where the scanner is, and the scanner tells the reader what it has found.
  const position: Position = { offset: () => scanner.offset(), line: () => scanner.line(), pointer: () => scanner.pointer() };
  const gather: Pick<Collector, 'add'> = { add: (...violation) => collector.add(...violation) };
  const report = createReport(gather, { profile, coercion }, position);
  const tensor = createTensor(state, report, accelerator);
  const reader = createDocumentReader({
    direction,
    isArray: framing === 'array',
    limits,
    nameKey,
    nameMemory: accelerator?.names,
    report,
    tensor,
    nullIsAbsent: profile === 'odahu',
    request: options.request,
    facts: options.facts,
  });
  const scanner: JsonScanner = createJsonScanner(reader, { limits, nameKey, state, wanted: tensor.wanted, accelerator });
  const memory = new Uint8Array(accelerator?.buffer.buffer ?? new ArrayBuffer(0));
  let offset = 0;
  let line = 1;
  /** Bytes before `offset` that are yet to be read, in front of the accelerator's buffer. */
  let left = 0;
  /** Of a file of lines: how many of them held a document. */
  let documents = 0;

  const begin = (): void => {
    scanner.begin(line);
    reader.begin(documents);
  };
  const tellFailure = (): void => {
    const failure = scanner.failure();
    if (!failure) return;
    const message = (): string => (failure.code === 'E-JSON' ? `is not valid JSON: ${failure.problem}` : failure.problem);
    report.add(failure.code, message, { ...failure, pointer: () => failure.pointer });
  };
  const endLine = (end: number): void => {
    if (!scanner.isBlank()) {
      documents += 1;
      scanner.end(end);
      tellFailure();
    }
  };
  const pushLines = (bytes: Uint8Array, base: number, leaveFrom: number): void => {
    for (let at = 0; ;) {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) {
        scanner.push(bytes, at, bytes.length, base, leaveFrom);
        return;
      }
      scanner.push(bytes, at, end, base);
      endLine(base + end);
      at = end + 1;
      line += 1;
      begin();
    }
  };

  /** Bytes that what was left lies in front of. */
  const pushPiece = (piece: Uint8Array, mayLeave: boolean): boolean => {
    const bytes = left === 0 ? piece : new Uint8Array(piece.buffer, piece.byteOffset - left, left + piece.length);
    const base = offset - left;
    // What was left once is not left again: no byte is copied twice.
    const leaveFrom = mayLeave ? left : bytes.length;
    if (framing === 'jsonl') pushLines(bytes, base, leaveFrom);
    else scanner.push(bytes, 0, bytes.length, base, leaveFrom);
    offset += piece.length;
    left = scanner.left();
    return framing === 'jsonl' || scanner.failure() === undefined;
  };
  /** From the beginning of the accelerator's own memory. */
  const pushOwn = (by: Accelerator, length: number): boolean => {
    const { buffer } = by;
    const goesOn = pushPiece(buffer.subarray(0, length), true);
    // The caller reads the next piece over what is in the buffer.
    if (left > 0) memory.copyWithin(buffer.byteOffset - left, buffer.byteOffset + length - left, buffer.byteOffset + length);
    return goesOn;
  };
  const pushLeft = (by: Accelerator): void => {
    if (left > 0) pushPiece(by.buffer.subarray(0, 0), false);
  };

  begin();
  return {
    push: (bytes) => {
      if (!accelerator) return pushPiece(bytes, false);
      const { buffer } = accelerator;
      if (bytes.buffer === buffer.buffer) {
        if (bytes.byteOffset === buffer.byteOffset) return pushOwn(accelerator, bytes.length);
        pushLeft(accelerator);
        return pushPiece(bytes, false);
      }
      // Only what is in its own memory is read by the accelerator.
      for (let at = 0; at < bytes.length; at += buffer.length) {
        const length = Math.min(buffer.length, bytes.length - at);
        buffer.set(bytes.subarray(at, at + length));
        if (!pushOwn(accelerator, length)) return false;
      }
      return true;
    },
    end: () => {
      if (accelerator) pushLeft(accelerator);
      if (framing === 'jsonl' && documents > 0) endLine(offset);
      else {
        scanner.end(offset);
        tellFailure();
      }
      const verdict = collector.verdict();
      collector = createCollector(kept);
      offset = 0;
      line = 1;
      documents = 0;
      begin();
      return verdict;
    },
  };
}
