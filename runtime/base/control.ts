import { link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import type { Decoded } from '../../src/contract/decode.js';
import type { Failure, JobRecord } from '../../src/contract/job-record.js';
import { parseFailure, parseJobRecord } from '../../src/contract/records.js';
import { readIfThere, writeAtomically } from './files.js';

/** What our own earlier step wrote; anything else is a bug of ours. */
export function own<T>(decoded: Decoded<T>, file: string): T {
  if (decoded.problem !== undefined) throw new Error(`${file}: ${decoded.problem}`);
  return decoded.value;
}

/** What configure-rclone has written; that it is missing is a bug. */
export async function readJob(control: string): Promise<JobRecord> {
  const text = await readIfThere(join(control, files.job));
  if (text === undefined) throw new Error(`${files.job} is missing: configure-rclone did not run`);
  return own(parseJobRecord(text), files.job);
}

/** As a whole or not at all: other steps rely on it. */
export const writeJob = (control: string, job: JobRecord): Promise<void> =>
  writeAtomically(join(control, files.job), `${JSON.stringify(job, undefined, 2)}\n`);

/** Undefined where no step has failed so far. */
export async function readFailure(control: string): Promise<Failure | undefined> {
  const text = await readIfThere(join(control, files.failure));
  return text === undefined ? undefined : own(parseFailure(text), files.failure);
}

/**
 * Records the failure of a run unless one is recorded already: the first one is what went wrong, later ones follow
 * from it. Returns the one that stands.
 */
export async function recordFailure(control: string, failure: Failure): Promise<Failure> {
  const path = join(control, files.failure);
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(failure)}\n`, { flag: 'wx' });
  try {
    // A link fails where the name is taken; a rename would replace it.
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  await rm(temporary, { force: true });
  const recorded = (await readFailure(control)) ?? failure;
  await writeAtomically(join(control, files.exitCode), `${String(recorded.code)}\n`);
  return recorded;
}

/** A run starts without failure, also where its folder has been used before. */
export async function forgetFailure(control: string): Promise<void> {
  await rm(join(control, files.failure), { force: true });
  await rm(join(control, files.exitCode), { force: true });
}
