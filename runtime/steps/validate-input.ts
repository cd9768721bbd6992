import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileRecord, JobRecord } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import { readJob } from '../base/control.js';
import { failure } from '../base/failure.js';
import { emptyFolder } from '../base/files.js';
import { writeInputPart, type InputPart } from '../base/parts.js';
import { recordingStep } from '../base/step.js';
import { readListing } from '../input/listing.js';
import { prepareModel } from '../input/model.js';
import { isDocumentName } from '../../src/oip/settings.js';
import { createFileValidator } from '../validate/file-validator.js';
import { createViolationsReport } from '../validate/violations-report.js';

/**
 * Makes model and input ready for the predictor, and decides whether it runs: the model is unpacked and hashed, the
 * data is what was listed, and every `.json` file is a request of the Open Inference Protocol.
 */
export const validateInput = recordingStep('validate-input', async (step) => {
  const resultFile = step.env('resultRun');
  const data = step.env('data');
  const report = step.env('report');
  const control = step.env('control');
  // First, so that the predictor never runs where this step does not come to its end.
  await writeFile(resultFile, 'no');
  await emptyFolder(report);
  await emptyFolder(join(data, files.valid));

  const part: Mutable<InputPart> = { run: false, modelSha256: null, files: [], listed: 0, invalid: 0, ignored: 0 };
  try {
    const job = await readJob(control);
    part.modelSha256 = await prepareModel(job.model, { model: step.optionalEnv('model') ?? '', modelRaw: step.optionalEnv('modelRaw') ?? '' });
    await inspectData(job, { data, report }, part);
  } finally {
    await writeInputPart(report, part);
    step.log.info('the input is inspected', {
      run: part.run,
      listed: part.listed,
      valid: part.files.length,
      invalid: part.invalid,
      ignored: part.ignored,
      modelSha256: part.modelSha256 ?? undefined,
    });
  }
  if (part.run) await writeFile(resultFile, 'yes');
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

async function inspectData(
  job: JobRecord,
  { data, report }: { readonly data: string; readonly report: string },
  part: Mutable<InputPart>,
): Promise<void> {
  const listed = await readListing(data);
  part.listed = listed.length;
  const documents = listed.filter((name) => isDocumentName(name, job.validation.framing));
  part.ignored = listed.length - documents.length;
  if (documents.length === 0) {
    if (job.data.allowEmpty) return;
    throw listed.length === 0
      ? failure('runtime/no-input', { uri: job.data.uri })
      : failure('runtime/no-json-input', { uri: job.data.uri, ignored: part.ignored });
  }

  const valid: FileRecord[] = [];
  part.files = valid;
  const validator = createFileValidator({ direction: 'request', ...job.validation });
  const violations = await createViolationsReport(report, 'validation.jsonl');
  try {
    for (const path of documents) {
      const verdict = await validator.validateFile(join(data, files.raw, path));
      if (verdict.errors > 0) part.invalid += 1;
      else valid.push({ path, size: verdict.size, sha256: verdict.sha256 });
      await violations.add(path, verdict);
    }
  } finally {
    await violations.close();
  }
  const invalid = violations.summary(documents.length);
  if (invalid) throw failure('runtime/invalid-input', invalid);
  for (const { path } of valid) await linkFile(join(data, files.raw, path), join(data, files.valid, path));
  part.run = true;
}

/** A second name in the same volume: the predictor sees the very bytes that were checked, and nothing is copied. */
async function linkFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to);
}
