/** What `millrace job get` says of runs as the real Tekton left them. */
import { describe, expect, it } from 'vitest';
import { kubeconfig, serve } from '../support/fake-api.js';
import { type CommandEnd, runCommand } from '../support/run-command.js';
import { allOk, taskRun } from '../support/taskruns.js';

const job = async (verb: string, run: object): Promise<CommandEnd> => {
  const api = await serve(({ url = '' }) => ({ status: 200, body: url.includes('/log') ? 'a line\n' : run }));
  return runCommand(['job', verb, 'risk/fraud-scorer--r1', '--kubeconfig', kubeconfig(api.url)]);
};

describe('a run that was cancelled before its pod started', () => {
  const message = 'TaskRun "fraud-scorer--r1" was cancelled. stopped by millrace job delete\nPrevious status: [Pending] 0/1 nodes are available';
  const cancelled = taskRun({ condition: { status: 'False', reason: 'TaskRunCancelled', message }, pod: undefined });
  const neverStarted = { ...cancelled, status: { ...(cancelled['status'] as object), steps: [] } };

  it('says so once, in one line, and of the steps that they were not run', async () => {
    const { code, stdout } = await job('get', neverStarted);
    expect(code).toBe(0);
    expect(stdout).toContain(`  cancelled: ${message.replace('\n', ' ')}\n`);
    expect(stdout.split('was cancelled')).toHaveLength(2);
    expect(stdout).toContain('  1/9  configure-rclone  not run\n');
    expect(stdout).not.toMatch(/failed|waiting/);
  });
});

describe('the time of a step', () => {
  it('is in whole seconds, as Tekton tells it, and none where it was skipped', async () => {
    const condition = { status: 'False', reason: 'StepFailed', message: 'x' };
    const run = taskRun({ condition, ended: { ...allOk, 'user-container': [0, 'Skipped'] } });
    const steps = (run['status'] as { steps: { name: string; terminated?: { finishedAt: string; startedAt: string } }[] }).steps;
    const last = steps.at(-1)?.terminated;
    const first = steps[0]?.terminated;
    if (!last || !first) throw new Error('all steps have ended');
    last.finishedAt = '2026-11-22T02:01:15Z';
    first.finishedAt = first.startedAt;
    const { stdout } = await job('get', run);
    expect(stdout).toMatch(/configure-rclone +ok <1s\n.*sync-data +ok 2s\n/);
    expect(stdout).toMatch(/user-container +skipped\n/);
    expect(stdout).toMatch(/sync-output +ok 1m5s\n/);
    const logs = await job('logs', run);
    expect(logs.stdout).toContain('1/9 configure-rclone ... ok <1s\n');
    expect(logs.stdout).toContain(' skipped\n');
  });
});

it('shows no exit code of a predictor that was killed: Tekton gives -1', async () => {
  const condition = { status: 'False', reason: 'StepOOM', message: 'OOMKilled' };
  const run = taskRun({ condition, ended: { ...allOk, 'user-container': [-1, 'Continued'], 'sync-output': [137, 'Error'] } });
  const { stdout } = await job('get', run);
  expect(stdout).toMatch(/user-container +failed 2s\n/);
  expect(stdout).not.toContain('code -1');
  expect(stdout).toContain('Tekton     StepOOM: OOMKilled\n');
});

describe('a run that its retries have started again', () => {
  const again = (failed: number): object => {
    const run = taskRun({ condition: { status: 'True', reason: 'Succeeded' }, ended: allOk });
    const earlier = { conditions: [{ type: 'Succeeded', status: 'False', reason: 'StepFailed' }] };
    return { ...run, status: { ...(run['status'] as object), retriesStatus: Array(failed).fill(earlier) } };
  };

  it.each([
    [1, '2: its steps and logs; the one before failed'],
    [2, '3: its steps and logs; the 2 before it failed'],
  ])('tells the attempt, after %i that failed', async (failed, words) => {
    expect((await job('get', again(failed))).stdout).toMatch(new RegExp(`^  attempt +${words}\n`, 'm'));
    expect((await job('logs', again(failed))).stdout).toContain(`succeeded\n  attempt ${words}\n\n`);
  });

  it('is not told of a first attempt', async () => {
    expect((await job('get', again(0))).stdout).not.toContain('attempt');
    expect((await job('logs', again(0))).stdout).not.toContain('attempt');
  });
});
