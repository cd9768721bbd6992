import type { Api } from '../cluster/api.js';
import { hasEnded, type Job } from '../cluster/job.js';
import { ClusterProblem } from '../cluster/problem.js';
import { removeJob, stopJob } from '../cluster/remove-job.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { parseArguments } from './arguments.js';
import type { CliIo } from './command.js';
import { jobLabel, printJson } from './job-text.js';
import { isJson, jobOptions, readTarget } from './job-target.js';
import { withJob } from './with-cluster.js';

const options = { ...jobOptions, yes: { type: 'boolean' }, keep: { type: 'boolean' } } as const;

/**
 * `job delete`: ends a job that runs, and removes it unless it is to be kept. Does nothing without `--yes` (`job/not-confirmed`). Gives
 * the exit code.
 */
export async function deleteJob(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/JOB' });
  const json = isJson(values);
  return withJob(
    io,
    values,
    () => readTarget(positionals[0] ?? '', values, io),
    async ({ job, api, signal }) => {
      const label = jobLabel(job);
      if (!values.yes) throw new ClusterProblem(diagnose('job/not-confirmed', undefined, { job: label, state: job.state }));
      const stopped = await stop(api, job, signal);
      if (!values.keep) await removeJob(api, job, signal);
      if (json) io.stdout(printJson({ job: job.name, namespace: job.namespace, stopped, deleted: !values.keep }));
      else
        io.stdout(
          `${[...(stopped ? [`${label} was stopped`] : []), ...(values.keep ? [] : [`${label} was deleted`])].join('\n') || `${label} had ended: nothing to stop`}\n`,
        );
      return 0;
    },
  );
}

async function stop(api: Api, job: Job, signal: AbortSignal): Promise<boolean> {
  if (hasEnded(job)) return false;
  await stopJob(api, job, signal);
  return true;
}
