import { isFolder } from '../../src/base/object-path.js';
import { readFailure, readJob } from '../base/control.js';
import { readInputPart, writeInputPart } from '../base/parts.js';
import { recordingStep } from '../base/step.js';
import { chooseSink } from '../sinks/choose-sink.js';
import { feedbackRecords } from '../sinks/sink.js';

/** Sends a feedback record for each request that the predictor gets. */
export const logInput = recordingStep('log-input', async (step) => {
  const control = step.env('control');
  const report = step.env('report');
  const part = await readInputPart(report);
  if (!part.run || (await readFailure(control))) {
    step.log.info('the predictor gets no input: there is nothing to log');
    return;
  }
  const job = await readJob(control);
  // A data source that is one object is that file.
  const requests = part.files.map((file) => ({ ...file, uri: isFolder(job.data.path) ? `${job.data.uri}${file.path}` : job.data.uri }));
  const sink = chooseSink(job.feedback, 'input', report);
  const records = await sink.send('request', feedbackRecords('request', job, requests, step.io.now().toISOString()));
  await writeInputPart(report, { ...part, records });
  step.log.info('the input is logged', { sink: job.feedback.sink, records });
});
