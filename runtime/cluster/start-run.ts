import { clusterEnv } from '../../src/contract/cluster-programs.js';
import { dueOf, fillScheduledRun, parseScheduledRun, type Due, type NamedTaskRun, type ScheduledRun } from '../../src/contract/scheduled-run.js';
import { failure } from '../base/failure.js';
import { refused } from './refused.js';
import { textAt } from './objects.js';
import { clusterProgram, type ProgramContext } from './program.js';
import { variable } from './api.js';

/**
 * Makes the TaskRun of a schedule. One scheduled time has one name, so whoever starts it again, this program after a lost
 * answer included, finds that it is there, and that is a success.
 */
export const startRun = clusterProgram({
  name: 'start-run',
  parse: parseScheduledRun,
  body: async (context) => {
    const { config, api, log, io } = context;
    const job = { name: variable(io, clusterEnv.jobName), uid: variable(io, clusterEnv.jobUid) };
    const due = dueOf(job, config.cronJob, io.now());
    const run = fill(config, due);
    const told = { run: run.metadata.name, due: due.time.toISOString(), by: due.scheduled ? 'schedule' : 'hand' };
    await waitForTurn(context, due);
    const path = `/apis/tekton.dev/v1/namespaces/${run.metadata.namespace}/taskruns?fieldManager=millrace-schedule`;
    const answer = await api.call({ method: 'POST', path, body: run });
    if (answer.status === 409 && textAt(answer.body, 'reason') === 'AlreadyExists') log.info('the run is there already: nothing to do', told);
    else if (answer.status < 200 || answer.status > 299) throw refused(`create TaskRun ${run.metadata.name}`, answer);
    else log.info('the run is created', told);
  },
});

function fill(config: ScheduledRun, due: Due): NamedTaskRun {
  try {
    return fillScheduledRun(config, due);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw failure('runtime/bad-environment', {
      variable: clusterEnv.config,
      problem: `names a time zone that this Node.js does not know: ${config.timeZone}`,
    });
  }
}

/** A run that is made by hand, or late, waits for nothing. */
async function waitForTurn({ config, log, io }: ProgramContext<ScheduledRun>, due: Due): Promise<void> {
  const wait = due.scheduled ? due.time.getTime() + config.delaySeconds * 1000 - io.now().getTime() : 0;
  // A clock that is behind would make it wait for longer than a schedule ever does.
  const milliseconds = Math.min(wait, config.delaySeconds * 1000);
  if (milliseconds <= 0) return;
  log.info('waits, so that services which share a minute do not start in one moment', { milliseconds });
  await io.sleep(milliseconds);
}
