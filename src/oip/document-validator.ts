import type { Accelerator } from '../json/accelerator.js';
import { createDataState } from '../json/data-state.js';
import { jsonLimits, type JsonLimits } from '../json/json-limits.js';
import { createJsonScanner, type JsonScanner } from '../json/json-scanner.js';
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
  let offset = 0;
  let line = 1;
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
  const pushLines = (bytes: Uint8Array): void => {
    for (let at = 0; ;) {
      const end = bytes.indexOf(0x0a, at);
      scanner.push(bytes, at, end < 0 ? bytes.length : end, offset);
      if (end < 0) return;
      endLine(offset + end);
      at = end + 1;
      line += 1;
      begin();
    }
  };

  const pushPiece = (bytes: Uint8Array): boolean => {
    if (framing === 'jsonl') pushLines(bytes);
    else scanner.push(bytes, 0, bytes.length, offset);
    offset += bytes.length;
    return framing === 'jsonl' || scanner.failure() === undefined;
  };

  begin();
  return {
    push: (bytes) => {
      if (!accelerator || bytes.buffer === accelerator.buffer.buffer) return pushPiece(bytes);
      // Only what is in its own memory is read by the accelerator.
      const { buffer } = accelerator;
      for (let at = 0; at < bytes.length; at += buffer.length) {
        const length = Math.min(buffer.length, bytes.length - at);
        buffer.set(bytes.subarray(at, at + length));
        if (!pushPiece(buffer.subarray(0, length))) return false;
      }
      return true;
    },
    end: () => {
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
