import { findFailure, type JobFailure } from '../cluster/job-log.js';
import { type Job, hasEnded } from '../cluster/job.js';
import { notGiven } from '../contract/paths.js';
import { parseArguments } from './arguments.js';
import type { CliIo } from './command.js';
import { ageText, attemptText, durationOf, failureJson, jobJson, jobLabel, printJson, stateText, stepText, table } from './job-text.js';
import { isJson, jobOptions, readTarget } from './job-target.js';
import { withJob } from './with-cluster.js';

/** `job get`: one job with its steps and, where it failed, why. Gives the exit code: 0 whatever became of the job. */
export async function getJob(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, jobOptions, { least: 1, most: 1, name: 'TEAM/JOB' });
  const json = isJson(values);
  return withJob(
    io,
    values,
    () => readTarget(positionals[0] ?? '', values, io),
    async ({ job, api }) => {
      const failure = hasEnded(job) && job.state !== 'succeeded' ? await findFailure(api, job) : undefined;
      const color = io.color && !values['no-color'];
      io.stdout(json ? printJson({ ...jobJson(job), params: job.params, failure: failureJson(failure) }) : jobText(job, failure, color));
      return 0;
    },
  );
}

function jobText(job: Job, failure: JobFailure | undefined, color: boolean): string {
  const now = Date.now();
  const took = durationOf(job, now);
  const place = (connection: string, path: string): string =>
    [job.params[connection], job.params[path]].filter((word) => word !== undefined && word !== notGiven).join(' ');
  const rows: (readonly string[])[] = [
    ['service', job.service],
    ['caller', job.caller],
    ['requestId', job.requestId ?? ''],
    ['created', `${job.createdAt} (${ageText(now - Date.parse(job.createdAt))} ago)`],
    ['attempt', attemptText(job) ?? ''],
    ['took', took === undefined ? '' : ageText(took)],
    ['data', place('dataConnection', 'dataPath')],
    ['output', place('outputConnection', 'outputPath')],
    // Where no step says why, the message is what stands on top.
    ...(failure?.sentence === job.message ? [] : [[hasEnded(job) ? 'Tekton' : 'now', oneLine([job.reason, job.message])]]),
  ];
  const count = String(job.steps.length);
  const steps = job.steps.map((step, index) => [
    `  ${String(index + 1)}/${count}`,
    step.name,
    step.state === 'waiting' && hasEnded(job) ? 'not run' : stepText(step),
  ]);
  return [
    `${jobLabel(job)} ${stateText(job.state, color)}\n`,
    ...(failure === undefined ? [] : [failureText(job, failure)]),
    table(rows.filter(([, value]) => value !== '').map(([name = '', value = '']) => [`  ${name}`, value])),
    'steps\n',
    table(steps),
  ].join('');
}

/** The first failed step and its sentence, to stand on top. */
export function failureText({ state }: Job, { step, exitCode, sentence, reason }: JobFailure): string {
  const where = step === undefined ? '' : ` in ${step}`;
  const code = exitCode === undefined ? '' : ` with exit code ${String(exitCode)}`;
  return [
    `  ${state === 'cancelled' ? state : 'failed'}${where}${code}: ${oneLine([sentence])}\n`,
    ...(reason === undefined ? [] : [`  more about it: millrace explain ${reason}\n`]),
  ].join('');
}

/** Tekton's messages have line feeds: of a run that was cancelled, its status before. */
const oneLine = (texts: readonly string[]): string =>
  texts
    .filter((text) => text !== '')
    .join(': ')
    .replace(/\s*\n\s*/g, ' ');
