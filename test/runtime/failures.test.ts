import { describe, expect, it } from 'vitest';
import { failure, toStepFailure } from '../../runtime/base/failure.js';
import { recordFailure } from '../../runtime/base/control.js';
import { directStep, recordingStep } from '../../runtime/base/step.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { reasons, type ReasonCode } from '../../src/contract/reasons.js';
import { exitCodes } from '../../src/contract/exit-codes.js';
import { stepEnv } from '../../src/contract/paths.js';
import { createJob, jobRecord } from './support/job.js';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: no`), { code, syscall: 'write' });

describe('an error', () => {
  it.each<[string, unknown, ReasonCode, number]>([
    ['of a full disk', systemError('ENOSPC'), 'runtime/disk-full', 3],
    ['of a full quota', systemError('EDQUOT'), 'runtime/disk-full', 3],
    ['of the disk', systemError('EIO'), 'runtime/io-error', 4],
    ['of a missing right', systemError('EACCES'), 'runtime/io-error', 4],
    ['of ours', new TypeError('x is not a function'), 'runtime/internal-error', 1],
    ['that is none', 'thrown text', 'runtime/internal-error', 1],
  ])('%s has a reason and an exit code', (_, error, reason, code) => {
    expect(toStepFailure(error, 'validate-input')).toMatchObject({ reason, code });
  });

  it('on a full disk is recorded with what to do', async () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    expect(await job.run(validateInput, { [stepEnv.resultRun]: '/dev/full' })).toBe(0);
    expect(job.failure()).toMatchObject({ reason: 'runtime/disk-full', code: 3 });
    expect(job.failure()?.sentence).toContain('ENOSPC');
  });

  it('of ours tells its place in the log, and not in what is published', async () => {
    const job = createJob();
    await job.run(recordingStep('log-input', () => Promise.reject(new TypeError('\u001b[31mbroken'))));
    expect(job.failure()?.sentence).toBe(
      'The step log-input ended with an error that is a bug in millrace. Its log holds the details; please report them.',
    );
    expect(job.stdout()).toContain('TypeError: ');
    expect(job.stdout()).toContain('failures.test.ts');
    expect(job.stdout()).not.toContain('\u001b');
    expect(await job.run(directStep('configure-rclone', () => Promise.reject(new TypeError('broken'))))).toBe(1);
  });
});

describe('the first failure', () => {
  it('stays, whatever fails after it', async () => {
    const job = createJob();
    const first = { step: 'validate-input', code: 2, reason: 'runtime/no-input', sentence: 'first' };
    const second = { step: 'validate-output', code: 4, reason: 'runtime/io-error', sentence: 'second' };
    expect(await recordFailure(job.path('control'), first)).toEqual(first);
    expect(await recordFailure(job.path('control'), second)).toEqual(first);
    expect(job.failure()).toEqual(first);
    expect(job.read('control/exit-code')).toBe('2\n');
  });
});

describe('the sentence of a reason', () => {
  it('ends with a full stop and names its exit code from the list', () => {
    const codes = Object.values(exitCodes) as readonly number[];
    for (const { exit } of Object.values(reasons)) expect(codes).toContain(exit);
    expect(failure('runtime/no-output', {}).sentence).toMatch(/\.$/);
    expect(failure('runtime/unknown-connection', { reference: 'dataSource', connection: 'x', known: [] }).sentence).toMatch(/it uses none\.$/);
  });

  it('shows what a user wrote without acting on it', () => {
    expect(failure('runtime/bad-path', { reference: 'dataSource', path: `a\u001b${'x'.repeat(500)}`, problem: 'is bad' }).sentence).toBe(
      `The path "a\\u001b${'x'.repeat(254)}…" of dataSource is bad.`,
    );
  });
});
