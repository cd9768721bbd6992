import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFolder } from '../../src/base/object-path.js';
import { files } from '../../src/contract/paths.js';
import { readFailure, readJob } from '../base/control.js';
import { readInputPart, writeFeedbackPart } from '../base/parts.js';
import { recordingStep } from '../base/step.js';
import { chooseSink } from '../sinks/choose-sink.js';
import { deliver, nothingSent } from '../sinks/deliver.js';

/**
 * Sends a feedback record for each request that the predictor gets. Its result decides whether the predictor runs: a run that
 * may not do without its records has failed where they do not arrive, and nothing is computed for it.
 */
export const logInput = recordingStep('log-input', async (step) => {
  const control = step.env('control');
  const report = step.env('report');
  const resultFile = step.env('resultRun');
  await writeFile(resultFile, 'no');
  await writeFeedbackPart(report, nothingSent);
  const part = await readInputPart(report);
  if (!part.run || (await readFailure(control))) {
    step.log.info('the predictor gets no input: there is nothing to log');
    return;
  }
  const job = await readJob(control);
  const { outcome, failure } = await deliver(step, job, chooseSink(job.feedback, { report, credentials: () => step.env('sink') }), {
    kind: 'request',
    folder: join(step.env('data'), files.valid),
    files: part.files,
    // A data source that is one object is that file.
    uriOf: (path) => (isFolder(job.data.path) ? `${job.data.uri}${path}` : job.data.uri),
  });
  await writeFeedbackPart(report, outcome);
  if (failure) throw failure;
  await writeFile(resultFile, 'yes');
});
