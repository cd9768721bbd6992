import { join } from 'node:path';
import type { JobRecord } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import { readFailure, readJob, recordFailure } from '../base/control.js';
import { emptyFolder, sha256OfText, writeAtomically } from '../base/files.js';
import { readInputPart, readOutputPart } from '../base/parts.js';
import { record, recordingStep, type StepContext } from '../base/step.js';
import { buildManifest } from '../output/manifest.js';
import { chooseSink } from '../sinks/choose-sink.js';
import { feedbackRecords, type Sink } from '../sinks/sink.js';

/** Sends a feedback record for each file that is published, and completes the run's manifest and marker. */
export const createLogOutput = (choose: (job: JobRecord, report: string) => Sink) =>
  recordingStep('log-output', async (step) => {
    const control = step.env('control');
    const report = step.env('report');
    const final = join(report, files.final);
    await emptyFolder(final);
    const job = await readJob(control);

    const outputRecords = await sendFeedback(step, job, choose(job, report)).catch(async (error: unknown) => {
      // The run has failed then, and what it did is told all the same.
      await record(step, 'log-output', error);
      return 0;
    });
    const failure = await readFailure(control);
    const manifest = buildManifest({
      job,
      input: await readInputPart(report),
      output: await readOutputPart(report),
      outputRecords,
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
    step.log.info(failure ? 'the run has failed' : 'the run has succeeded', { ...manifest.counts, reason: failure?.reason });
  });

export const logOutput = createLogOutput((job, report) => chooseSink(job.feedback, 'output', report));

async function sendFeedback(step: StepContext, job: JobRecord, sink: Sink): Promise<number> {
  if (await readFailure(step.env('control'))) return 0;
  const output = await readOutputPart(step.env('report'));
  const responses = output.files.map((file) => ({ ...file, uri: `${job.output.uri}${file.path}` }));
  return sink.send('response', feedbackRecords('response', job, responses, step.io.now().toISOString()));
}
