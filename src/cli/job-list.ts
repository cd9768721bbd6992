import { readJob, hasEnded, type Job, jobStates, type JobState } from '../cluster/job.js';
import { resources } from '../cluster/resource.js';
import type { Api } from '../cluster/api.js';
import { parseDuration } from '../base/duration.js';
import { labels } from '../manifests/names.js';
import { parseArguments } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { ageText, durationOf, jobJson, printJson, stateText, table } from './job-text.js';
import { isJson, jobOptions, type JobValues, namespaceFor, spacesOf } from './job-target.js';
import { reporter } from './report.js';
import { suggest } from './suggest.js';
import { openCluster, withCluster } from './with-cluster.js';

const options = {
  ...jobOptions,
  caller: { type: 'string' },
  state: { type: 'string' },
  since: { type: 'string' },
} as const;

/** `job list`: the jobs of a team, or of all teams, the youngest first. Gives the exit code: 0 also where there are none. */
export async function listJobs(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 0, most: 1, name: 'TEAM[/SERVICE]' });
  const json = isJson(values);
  const wanted = readFilter(values);
  const [team, service, ...others] = (positionals[0] ?? '').split('/');
  if (others.length > 0 || team === undefined || service === '') throw new UsageError(`"${positionals[0] ?? ''}" is no TEAM or TEAM/SERVICE`);
  const report = reporter(io, values);
  return withCluster(
    (diagnostics) => report(diagnostics, new Map()),
    async (signal) => {
      const namespaces = namespacesOf(team, values, io);
      const api = openCluster({ kubeconfig: values.kubeconfig, context: values.context, env: io.env, cwd: io.cwd }, signal);
      const selector = [
        service === undefined ? labels.service : `${labels.service}=${service}`,
        ...(values.caller === undefined ? [] : [`${labels.caller}=${values.caller}`]),
      ];
      const jobs: Job[] = [];
      for (const namespace of namespaces) jobs.push(...(await readJobs(api, namespace, selector.join(','))));
      const now = Date.now();
      const found = jobs
        .filter((job) => isWanted(job, wanted, now))
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.name < b.name ? -1 : 1));
      io.stdout(
        json ? printJson(found.map(jobJson)) : listText(found, { now, color: io.color && !values['no-color'], several: namespaces.length > 1 }),
      );
      if (!json && found.length === 0)
        io.stderr(`no jobs in ${namespaces.join(', ')}${jobs.length > 0 ? ` match (${String(jobs.length)} do not)` : ''}\n`);
      return 0;
    },
  );
}

function namespacesOf(team: string, values: JobValues, io: CliIo): readonly string[] {
  if (values.namespace !== undefined) return [values.namespace];
  if (team !== '') return [namespaceFor(team, values, io)];
  const spaces = spacesOf(values, io);
  if (!spaces || spaces.length === 0)
    throw new UsageError('TEAM or --namespace NAME is missing', 'outside of a repository of definitions nothing names the namespaces');
  return spaces.map(({ namespace }) => namespace);
}

interface Filter {
  readonly states: readonly JobState[] | undefined;
  /** Milliseconds. */
  readonly age: number | undefined;
}

function readFilter({ state, since }: { readonly state?: string; readonly since?: string }): Filter {
  const states = state?.split(',').map((word) => {
    const known = jobStates.find((each) => each === word);
    if (known === undefined) throw new UsageError(`--state ${word} is not known`, suggest(word, jobStates, 'states'));
    return known;
  });
  const seconds = since === undefined ? undefined : parseDuration(since);
  if (since !== undefined && seconds === undefined) throw new UsageError(`--since ${since} is no duration`, 'for example 90m or 24h');
  return { states, age: seconds === undefined ? undefined : seconds * 1000 };
}

const isWanted = (job: Job, { states, age }: Filter, now: number): boolean =>
  (states === undefined || states.includes(job.state)) && (age === undefined || now - Date.parse(job.createdAt) <= age);

async function readJobs(api: Api, namespace: string, labelSelector: string): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  await api.list({ type: resources.taskRuns, namespace }, { labelSelector }, (items) => {
    jobs.push(...items.map(readJob));
    return true;
  });
  return jobs;
}

interface ListStyle {
  readonly now: number;
  readonly color: boolean;
  readonly several: boolean;
}

function listText(jobs: readonly Job[], { now, color, several }: ListStyle): string {
  if (jobs.length === 0) return '';
  const rows = jobs.map((job) => {
    const took = durationOf(job, now);
    const step = job.steps.findIndex(({ state }) => state === 'running');
    const detail = hasEnded(job)
      ? job.state === 'succeeded'
        ? ''
        : job.message
      : step >= 0
        ? `${String(step + 1)}/${String(job.steps.length)} ${job.steps[step]?.name ?? ''}`
        : job.reason;
    return [
      `${several ? `${job.namespace}/` : ''}${job.name}`,
      stateText(job.state, color),
      job.service,
      job.caller,
      ageText(now - Date.parse(job.createdAt)),
      took === undefined ? '' : ageText(took),
      detail,
    ];
  });
  return table([['JOB', 'STATE', 'SERVICE', 'CALLER', 'AGE', 'TOOK', ''], ...rows]);
}
