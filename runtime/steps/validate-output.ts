import { join } from 'node:path';
import type { FileRecord, JobRecord } from '../../src/contract/job-record.js';
import { readFailure, readJob } from '../base/control.js';
import { failure } from '../base/failure.js';
import { emptyFolder } from '../base/files.js';
import { readInputPart, writeOutputPart } from '../base/parts.js';
import { recordingStep, type StepContext } from '../base/step.js';
import { copyOutput } from '../output/copy-output.js';
import { predictorFailure, readExitCode } from '../output/exit-code.js';
import { isDocumentName } from '../../src/oip/settings.js';
import { createFileValidator } from '../validate/file-validator.js';
import { createViolationsReport } from '../validate/violations-report.js';

/**
 * Takes over what the predictor wrote: copies it to where it is published from and checks the copy. After any failure
 * there is nothing to publish.
 */
export const validateOutput = recordingStep('validate-output', async (step) => {
  const control = step.env('control');
  const report = step.env('report');
  const publish = step.env('publish');
  await emptyFolder(publish);
  await writeOutputPart(report, { files: [] });

  const earlier = await readFailure(control);
  if (earlier) {
    step.log.info('the run has failed already: nothing is published', { reason: earlier.reason });
    return;
  }
  const { run } = await readInputPart(report);
  if (!run) {
    step.log.info('there was no input, so the predictor did not run: nothing is published');
    return;
  }
  await requireSuccess(step);
  try {
    const files = await publishOutput(await readJob(control), { output: step.env('output'), publish, report });
    await writeOutputPart(report, { files });
    step.log.info('the output is checked', { files: files.length });
  } catch (error) {
    await emptyFolder(publish);
    throw error;
  }
});

async function requireSuccess(step: StepContext): Promise<void> {
  const exitCode = await readExitCode(step.env('exitCodeFile'), step.io);
  if (exitCode === undefined) throw failure('runtime/predictor-not-run', {}, { step: 'user-container' });
  const failed = predictorFailure(exitCode);
  if (failed) throw failed;
}

interface Folders {
  readonly output: string;
  readonly publish: string;
  readonly report: string;
}

async function publishOutput(job: JobRecord, { output, publish, report }: Folders): Promise<readonly FileRecord[]> {
  const records = await copyOutput(output, { publish, destination: job.output.path });
  if (records.length === 0) throw failure('runtime/no-output', {});
  const documents = records.filter(({ path }) => isDocumentName(path, job.validation.framing));
  const validator = createFileValidator({ direction: 'response', ...job.validation });
  const violations = await createViolationsReport(report, 'output-validation.jsonl');
  try {
    for (const { path } of documents) await violations.add(path, await validator.validateFile(join(publish, path)));
  } finally {
    await violations.close();
  }
  const invalid = violations.summary(documents.length);
  if (invalid) throw failure('runtime/invalid-output', invalid);
  return records;
}
