import { join } from 'node:path';
import type { FeedbackOutcome, JobRecord, Manifest } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import { readFailure, readJob, recordFailure } from '../base/control.js';
import { emptyFolder, sha256OfText, writeAtomically } from '../base/files.js';
import type { LogFields } from '../base/log.js';
import { readFeedbackPart, readInputPart, readOutputPart } from '../base/parts.js';
import { record, recordingStep, type StepContext } from '../base/step.js';
import { buildManifest } from '../output/manifest.js';
import { chooseSink } from '../sinks/choose-sink.js';
import { deliver, nothingSent } from '../sinks/deliver.js';
import type { Sink } from '../sinks/sink.js';

/** Sends a feedback record for each file that is published, and completes the run's manifest and marker. */
export const createLogOutput = (choose: (job: JobRecord, step: StepContext) => Sink) =>
  recordingStep('log-output', async (step) => {
    const control = step.env('control');
    const report = step.env('report');
    const final = join(report, files.final);
    await emptyFolder(final);
    const job = await readJob(control);

    const sent = await sendFeedback(step, job, choose(job, step));
    const failure = await readFailure(control);
    const manifest = buildManifest({
      job,
      input: await readInputPart(report),
      output: await readOutputPart(report),
      feedback: { input: await readFeedbackPart(report), output: sent },
      finishedAt: step.io.now(),
      failure,
    });
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    if (failure) {
      // Writes the exit code again, should the step that failed have ended between the two.
      await recordFailure(control, failure);
      await writeAtomically(join(final, files.failed), text);
    } else {
      await writeAtomically(join(final, files.manifest), text);
      await writeAtomically(join(final, files.success), `${sha256OfText(text)}\n`);
    }
    step.log.info(failure ? 'the run has failed' : 'the run has succeeded', { ...told(manifest.counts), reason: failure?.reason });
  });

/** The step log-output, with the sink that the job has. */
export const logOutput = createLogOutput((job, step) =>
  chooseSink(job.feedback, { report: step.env('report'), credentials: () => step.env('sink') }),
);

/** A failure of it is recorded: the run has failed then, and what it did is told all the same. */
async function sendFeedback(step: StepContext, job: JobRecord, sink: Sink): Promise<FeedbackOutcome> {
  if (await readFailure(step.env('control'))) return nothingSent;
  try {
    const output = await readOutputPart(step.env('report'));
    const { outcome, failure } = await deliver(step, job, sink, {
      kind: 'response',
      folder: step.env('publish'),
      files: output.files,
      uriOf: (path) => `${job.output.uri}${path}`,
    });
    if (failure) await record(step, 'log-output', failure);
    return outcome;
  } catch (error) {
    await record(step, 'log-output', error);
    return nothingSent;
  }
}

/** What seldom happens is told where it does. */
const told = ({ quarantined, skipped, invalidOutputs, quarantinedOutputs, ...counts }: Manifest['counts']): LogFields => ({
  ...counts,
  quarantined: quarantined || undefined,
  skipped: skipped || undefined,
  invalidOutputs: invalidOutputs || undefined,
  quarantinedOutputs: quarantinedOutputs || undefined,
});
