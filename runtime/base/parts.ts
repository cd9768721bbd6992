/** What one of our steps tells the later ones about the files it saw; in the `report` volume. */
import { boolean, count, decodeJson, fields, list, nullable, type Decoder } from '../../src/contract/decode.js';
import type { FeedbackOutcome, FileRecord, LeftOut, QuarantinedFile } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import { feedbackOutcome, fileRecord, leftOut, quarantinedFile } from '../../src/contract/records.js';
import { sha256 } from '../../src/contract/step-config-fields.js';
import { join } from 'node:path';
import { own } from './control.js';
import { readIfThere, writeAtomically } from './files.js';

/** Written by validate-input. */
export interface InputPart {
  /** Whether the predictor shall run. */
  readonly run: boolean;
  readonly modelSha256: string | null;
  /** The valid files: what the predictor sees. */
  readonly files: readonly FileRecord[];
  readonly listed: number;
  readonly invalid: number;
  readonly quarantined: LeftOut<QuarantinedFile>;
  readonly skipped: LeftOut<FileRecord>;
  readonly ignored: number;
}

/** Written by validate-output. */
export interface OutputPart {
  /** What is published as results. */
  readonly files: readonly FileRecord[];
  readonly invalid: number;
  readonly quarantined: LeftOut<QuarantinedFile>;
}

const inputPart: Decoder<InputPart> = fields({
  run: boolean,
  modelSha256: nullable(sha256),
  files: list(fileRecord),
  listed: count,
  invalid: count,
  quarantined: leftOut(quarantinedFile),
  skipped: leftOut(fileRecord),
  ignored: count,
});
const outputPart: Decoder<OutputPart> = fields({ files: list(fileRecord), invalid: count, quarantined: leftOut(quarantinedFile) });

const none = { total: 0, files: [] } as const;
export const nothingRead: InputPart = {
  run: false,
  modelSha256: null,
  files: [],
  listed: 0,
  invalid: 0,
  quarantined: none,
  skipped: none,
  ignored: 0,
};
export const nothingWritten: OutputPart = { files: [], invalid: 0, quarantined: none };

const write = (report: string, file: string, part: unknown): Promise<void> => writeAtomically(join(report, file), `${JSON.stringify(part)}\n`);

async function read<T>(report: string, file: string, decoder: Decoder<T>): Promise<T | undefined> {
  const text = await readIfThere(join(report, file));
  return text === undefined ? undefined : own(decodeJson(decoder, text), file);
}

/** Written by validate-input. */
export const writeInputPart = (report: string, part: InputPart): Promise<void> => write(report, files.inputPart, part);
/** Written by log-input. */
export const writeFeedbackPart = (report: string, part: FeedbackOutcome): Promise<void> => write(report, files.feedbackPart, part);
/** Written by validate-output. */
export const writeOutputPart = (report: string, part: OutputPart): Promise<void> => write(report, files.manifestPart, part);

/** Where a step failed before it wrote its part, there is nothing to tell. */
export const readInputPart = async (report: string): Promise<InputPart> => (await read(report, files.inputPart, inputPart)) ?? nothingRead;
/** Likewise of the results: nothing was published. */
export const readOutputPart = async (report: string): Promise<OutputPart> => (await read(report, files.manifestPart, outputPart)) ?? nothingWritten;
/** Likewise of the records of requests: none was sent. */
export const readFeedbackPart = async (report: string): Promise<FeedbackOutcome> =>
  (await read(report, files.feedbackPart, feedbackOutcome)) ?? { delivered: 0, undelivered: 0 };
