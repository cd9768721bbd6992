/** How far a job is: a line for each step that ended, and on a terminal one more that is always true. */
import { hasEnded, type Job } from '../cluster/job.js';
import type { CliIo } from './command.js';
import { ageText, durationOf, stepText } from './job-text.js';

export interface StepView {
  readonly seen: (job: Job) => void;
  readonly release: () => void;
}

/** Shows how far one job is until it is released; `seen` is told of every look at the job. Holds a timer on a terminal. */
export function showSteps(io: CliIo, color: boolean): StepView {
  const told = new Set<string>();
  let waiting = '';
  let last: Job | undefined;
  const status = (): void => {
    if (last && io.status) io.status(hasEnded(last) ? '' : nowText(last));
  };
  // A job is looked at less often than its seconds pass.
  const timer = io.status && setInterval(status, 250);
  return {
    seen(job) {
      last = job;
      const count = String(job.steps.length);
      job.steps.forEach((step, index) => {
        if (step.state === 'waiting' || step.state === 'running' || told.has(step.name)) return;
        told.add(step.name);
        io.stdout(
          `${String(index + 1)}/${count} ${step.name} ${color && step.state === 'failed' ? `\x1b[31m${stepText(step)}\x1b[0m` : stepText(step)}\n`,
        );
      });
      const reason = job.state === 'waiting' && !starts(job.message) ? [job.reason, job.message].filter((text) => text !== '').join(': ') : '';
      if (reason !== '' && reason !== waiting) io.stdout(`waiting: ${reason}\n`);
      waiting = reason;
      status();
    },
    release() {
      clearInterval(timer);
      io.status?.('');
    },
  };
}

/** What Tekton says while a pod starts as every pod does; why one cannot start (no room on any node, no image) is told. */
const starts = (message: string): boolean =>
  message === '' || message === 'Pending' || /"(Ready|PodReadyToStartContainers|Initialized|ContainersReady)":"False"/.test(message);

function nowText(job: Job): string {
  const index = job.steps.findIndex(({ state }) => state === 'running');
  const where = index < 0 ? job.state : `${String(index + 1)}/${String(job.steps.length)} ${job.steps[index]?.name ?? ''}`;
  const bar = job.steps.map(({ state }) => (state === 'waiting' ? '.' : state === 'running' ? '>' : state === 'failed' ? 'x' : '=')).join('');
  const took = durationOf(job, Date.now());
  return `[${bar}] ${where}${took === undefined ? '' : `, ${ageText(took)}`}`;
}
