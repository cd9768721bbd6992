import { readFailure, readJob } from '../base/control.js';
import { failure } from '../base/failure.js';
import { emptyFolder } from '../base/files.js';
import { nothingWritten, readInputPart, writeOutputPart } from '../base/parts.js';
import { recordingStep, type StepContext } from '../base/step.js';
import { checkOutput } from '../output/check-output.js';
import { copyOutput } from '../output/copy-output.js';
import { predictorFailure, readExitCode } from '../output/exit-code.js';

/**
 * Takes over what the predictor wrote: copies it to where it is published from and checks the copy. After any failure
 * there is no result to publish.
 */
export const validateOutput = recordingStep('validate-output', async (step) => {
  const control = step.env('control');
  const report = step.env('report');
  const publish = step.env('publish');
  await emptyFolder(publish);
  await writeOutputPart(report, nothingWritten);

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
  const job = await readJob(control);
  const checked = await undoing(publish, async () => {
    const records = await copyOutput(step.env('output'), { publish, destination: job.output.path });
    if (records.length === 0) throw failure('runtime/no-output', {});
    return checkOutput(job, records, { publish, report });
  });
  await writeOutputPart(report, checked.part);
  if (checked.failure) throw checked.failure;
  const { files, invalid, quarantined } = checked.part;
  step.log.info('the output is checked', { files: files.length, invalid: invalid || undefined, quarantined: quarantined.total || undefined });
});

/** Leaves nothing to be published where an action fails. */
async function undoing<T>(publish: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    await emptyFolder(publish);
    throw error;
  }
}

async function requireSuccess(step: StepContext): Promise<void> {
  const exitCode = await readExitCode(step.env('exitCodeFile'), step.io);
  if (exitCode === undefined) throw failure('runtime/predictor-not-run', {}, { step: 'user-container' });
  const failed = predictorFailure(exitCode);
  if (failed) throw failed;
}
