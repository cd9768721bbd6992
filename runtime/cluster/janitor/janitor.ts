import { parseJanitorConfig, serviceLabel, type JanitorConfig } from '../../../src/contract/janitor.js';
import { toStepFailure, type StepFailure } from '../../base/failure.js';
import type { ApiAnswer } from '../api.js';
import { listAll, metadataOnly } from '../list.js';
import { textAt, timeAt } from '../objects.js';
import { clusterProgram, type ProgramContext } from '../program.js';
import { refused } from '../refused.js';
import { expiredRuns, hungMessage, hungRuns, unusedRuntimes, type HungRun, type RuntimeConfigMap } from './decide.js';
import { isFinishedJob, lastChange, podState, runState, runtimesIn, type RunState } from './state.js';

type Context = ProgramContext<JanitorConfig>;

/** Ends runs that hang, deletes finished ones, and removes runtimes that nothing uses. What fails keeps nothing else from being done. */
export const janitor = clusterProgram({
  name: 'janitor',
  parse: parseJanitorConfig,
  body: async (context) => {
    const { config, api, log, io } = context;
    // First, so that what was not there yet when the users of runtimes are listed is no candidate.
    const configMaps = await listRuntimes(context);
    const pods = await listAll(api, paths(config).pods, podState);
    const runs = (await listAll(api, paths(config).runs, runState, { labelSelector: serviceLabel })).filter((run) => run !== undefined);
    const now = io.now().getTime();

    const problems: StepFailure[] = [];
    const each = async <T>(items: readonly T[], act: (item: T) => Promise<boolean>): Promise<number> => {
      let done = 0;
      for (const item of items) {
        try {
          if (await act(item)) done += 1;
        } catch (error) {
          const failed = toStepFailure(error, 'janitor');
          // The API server does not answer any more: nor will it the next time.
          if (failed.reason !== 'runtime/api-refused') throw failed;
          // The first is told where the program ends.
          if (problems.length > 0) log.error(failed.sentence, { reason: failed.reason, code: failed.code });
          problems.push(failed);
        }
      }
      return done;
    };
    const ended = await each(hungRuns(runs, pods, config, now), (hung) => endRun(hung, context));
    const deleted = await each(expiredRuns(runs, config, now), (run) => deleteRun(run, context));
    const unused = configMaps.length > 0 ? await findUnused(configMaps, [...pods, ...runs], context) : [];
    const removed = await each(unused, (configMap) => removeRuntime(configMap, context));
    log.info('done', { runs: runs.length, ended, deleted, removed });
    const [first] = problems;
    if (first) throw first;
  },
});

const paths = ({ namespace }: JanitorConfig) => ({
  pods: `/api/v1/namespaces/${namespace}/pods`,
  configMaps: `/api/v1/namespaces/${namespace}/configmaps`,
  runs: `/apis/tekton.dev/v1/namespaces/${namespace}/taskruns`,
  tasks: `/apis/tekton.dev/v1/namespaces/${namespace}/tasks`,
  jobs: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  cronJobs: `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
});

/** Whether it was done: an object that is gone, or that has changed since it was listed, is looked at the next time. */
function wasDone(request: string, answer: ApiAnswer): boolean {
  if (answer.status === 404 || answer.status === 409) return false;
  if (answer.status < 200 || answer.status > 299) throw refused(request, answer);
  return true;
}

async function endRun(hung: HungRun, { config, api, log }: Context): Promise<boolean> {
  const { name, resourceVersion, service } = hung.run;
  const answer = await api.call({
    method: 'PATCH',
    path: `${paths(config).runs}/${name}?fieldManager=millrace-janitor`,
    contentType: 'application/merge-patch+json',
    // A run that has gone on meanwhile has another version, and stays as it is.
    body: { metadata: { resourceVersion }, spec: { status: 'TaskRunCancelled', statusMessage: hungMessage(hung) } },
  });
  const done = wasDone(`cancel TaskRun ${name}`, answer);
  const { step, exitCode, reason } = hung;
  if (done)
    log.info('ended a run that hung', { run: name, service, step, exitCode, containerReason: reason, since: new Date(hung.since).toISOString() });
  return done;
}

async function deleteRun({ name, uid, resourceVersion, service }: RunState, { config, api, log }: Context): Promise<boolean> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid, resourceVersion } };
  const done = wasDone(`delete TaskRun ${name}`, await api.call({ method: 'DELETE', path: `${paths(config).runs}/${name}`, body }));
  if (done) log.info('deleted a finished run', { run: name, service });
  return done;
}

const listRuntimes = async ({ config, api }: Context): Promise<readonly RuntimeConfigMap[]> =>
  (
    await listAll(
      api,
      paths(config).configMaps,
      (object) => {
        const [name = '', uid = ''] = [textAt(object, 'metadata', 'name'), textAt(object, 'metadata', 'uid')];
        return { name, uid, created: timeAt(object, 'metadata', 'creationTimestamp') ?? Infinity, ours: runtimesIn({ name })[0] === name };
      },
      { accept: metadataOnly },
    )
  ).filter(({ ours }) => ours);

async function findUnused(
  configMaps: readonly RuntimeConfigMap[],
  users: readonly { readonly runtimes: readonly string[] }[],
  { config, api, io }: Context,
): Promise<readonly RuntimeConfigMap[]> {
  const definitions = [];
  for (const path of [paths(config).tasks, paths(config).cronJobs]) {
    definitions.push(...(await listAll(api, path, (object) => ({ runtimes: runtimesIn(object), changed: lastChange(object) }))));
  }
  // One that waits for a quota has no pod yet.
  const jobs = await listAll(api, paths(config).jobs, (object) => ({ runtimes: isFinishedJob(object) ? [] : runtimesIn(object) }));
  const used = new Set([...users, ...jobs, ...definitions].flatMap(({ runtimes }) => runtimes));
  const changed = definitions.reduce((latest, each) => Math.max(latest, each.changed), 0);
  return unusedRuntimes(configMaps, used, changed, config, io.now().getTime());
}

async function removeRuntime({ name, uid }: RuntimeConfigMap, { config, api, log }: Context): Promise<boolean> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
  const done = wasDone(`delete ConfigMap ${name}`, await api.call({ method: 'DELETE', path: `${paths(config).configMaps}/${name}`, body }));
  if (done) log.info('removed a runtime that nothing uses', { configMap: name });
  return done;
}
