import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import { readJob, writeJob } from '../base/control.js';
import { emptyFolder } from '../base/files.js';
import { nothingRead, writeInputPart, type InputPart } from '../base/parts.js';
import { recordingStep } from '../base/step.js';
import { inspectData } from '../input/inspect-data.js';
import { nameModel, prepareModel } from '../input/model.js';

/**
 * Makes model and input ready for the predictor, and decides whether it runs: the model is unpacked and hashed, the
 * data is what was listed, and every `.json` file that the predictor gets is a request of the Open Inference Protocol.
 */
export const validateInput = recordingStep('validate-input', async (step) => {
  const resultFile = step.env('resultRun');
  const data = step.env('data');
  const report = step.env('report');
  const control = step.env('control');
  // First, so that the predictor never runs where this step does not come to its end.
  await writeFile(resultFile, 'no');
  await emptyFolder(report);
  for (const folder of [files.valid, files.quarantine]) await emptyFolder(join(data, folder));

  const part: Mutable<InputPart> = { ...nothingRead };
  try {
    const job = await readJob(control);
    const folders = { model: step.optionalEnv('model') ?? '', modelRaw: step.optionalEnv('modelRaw') ?? '' };
    part.modelSha256 = await prepareModel(job.model, folders);
    await writeJob(control, { ...job, model: await nameModel(job.model, folders.model) });
    const { notRemembered } = await inspectData(job, { data, report }, part);
    if (notRemembered > 0)
      step.log.info('what these files ask for takes too much room: not all of their responses will be compared', { files: notRemembered });
  } finally {
    await writeInputPart(report, part);
    step.log.info('the input is inspected', {
      run: part.run,
      listed: part.listed,
      valid: part.files.length,
      invalid: part.invalid,
      quarantined: part.quarantined.total || undefined,
      skipped: part.skipped.total || undefined,
      ignored: part.ignored,
      modelSha256: part.modelSha256 ?? undefined,
    });
  }
  if (part.run) await writeFile(resultFile, 'yes');
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
