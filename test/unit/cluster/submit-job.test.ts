/** Faults of time: what a command says when something does not happen. */
import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/cluster/api.js';
import { ClusterProblem } from '../../../src/cluster/problem.js';
import { removeJob } from '../../../src/cluster/remove-job.js';
import { submitJob, type Submission } from '../../../src/cluster/submit-job.js';
import { requestIdFor } from '../../../src/cli/job-body.js';
import { taskRun } from '../../support/taskruns.js';

const never = new AbortController().signal;
const unused = (): never => {
  throw new Error('this is not asked for');
};

function api(found: () => unknown): Api {
  return {
    server: 'https://api',
    context: 'here',
    find: () => Promise.resolve(found()),
    list: (_, __, page) => {
      page([]);
      return Promise.resolve();
    },
    create: unused,
    patch: unused,
    remove: () => Promise.resolve(true),
    log: unused,
    raw: unused,
    served: unused,
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ClusterProblem ? `${error.diagnostic.code}: ${error.diagnostic.message}` : String(error);
}

const submission: Submission = {
  service: 'risk/fraud-scorer',
  namespace: 'risk',
  outcome: { kind: 'accepted', caller: 'airflow', taskRun: { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata: { name: '' } } },
  runName: undefined,
  post: () => Promise.resolve('e-1'),
  rerun: false,
  signal: never,
  limit: 500,
};

it('job/not-started where the rules would let the request pass', async () => {
  expect(
    await codeOf(
      submitJob(
        api(() => undefined),
        submission,
      ),
    ),
  ).toBe(
    'job/not-started: the listener took the request (event e-1), and no run of risk/fraud-scorer appeared in 0.5 seconds, although the definitions here would let it pass',
  );
});

it('a run of the same requestId that another event has started is there already', async () => {
  let looks = 0;
  const found = (): unknown => (++looks === 1 ? undefined : taskRun({ labels: { 'triggers.tekton.dev/triggers-eventid': 'e-0' } }));
  const { started, warnings } = await submitJob(api(found), { ...submission, runName: 'fraud-scorer--r1' });
  expect({ started, codes: warnings.map(({ code }) => code) }).toEqual({ started: false, codes: ['job/already-there'] });
});

it('job/not-gone where a pod does not end', async () => {
  expect(
    await codeOf(
      removeJob(
        api(() => taskRun()),
        { namespace: 'risk', name: 'x' },
        never,
        0.1,
      ),
    ),
  ).toBe('job/not-gone: the job risk/x is not gone after 0.1 seconds');
});

describe('the requestId of a prefix', () => {
  it.each([
    ['2026-11-22/', 'backfill', /^backfill-2026-11-22$/],
    ['a/b/', 'backfill', /^backfill-a-b-[0-9a-f]{8}$/],
    ['a-b/', 'backfill', /^backfill-a-b$/],
    ['A/', 'x', /^x-a-[0-9a-f]{8}$/],
    ['___/', 'x', /^x-[0-9a-f]{8}$/],
    [`${'long-'.repeat(20)}/`, 'backfill', /^backfill-[a-z-]*[a-z]-[0-9a-f]{8}$/],
    ['x/', 'a'.repeat(26), /^a{26}-x$/],
    ['xxxxxxxxxxx/', 'a'.repeat(26), /^a{26}-[0-9a-f]{8}$/],
  ])('%s after %s', (prefix, before, expected) => {
    const id = requestIdFor(prefix, before);
    expect(id).toMatch(expected);
    expect(id).toMatch(/^[a-z0-9]([-a-z0-9]{0,34}[a-z0-9])?$/);
  });
});
