import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256OfText } from '../../runtime/base/files.js';
import { openFolder } from '../../runtime/output/safe-folder.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { stepEnv } from '../../src/contract/paths.js';
import { createJob, inputPart, jobRecord, outputPart, response, type TestJob } from './support/job.js';

/** A job whose predictor has ended. */
function prepare(exitCode: string | undefined = '0', run = true): TestJob {
  const job = createJob();
  job.write('control/job.json', jobRecord);
  job.write('report/input.part.json', inputPart({ run }));
  if (exitCode !== undefined) job.write('exit-code-of-predictor', exitCode);
  return job;
}

const outputs = (job: TestJob): unknown => JSON.parse(job.read('report/manifest.part.json'));

/** Runs the step, which always exits with 0, and expects the recorded failure and that nothing is published. */
async function fails(job: TestJob, reason: string, code = 2, step = 'validate-output'): Promise<string> {
  expect(await job.run(validateOutput)).toBe(0);
  expect(job.failure()).toMatchObject({ step, code, reason });
  expect(job.read('control/exit-code')).toBe(`${String(code)}\n`);
  expect(readdirSync(job.path('publish'))).toEqual([]);
  expect(outputs(job)).toMatchObject({ files: [] });
  return job.failure()?.sentence ?? '';
}

describe('the output', () => {
  it('is copied, hashed and listed', async () => {
    const job = prepare();
    const text = JSON.stringify(response);
    job.write('output/b.json', text);
    job.write('output/sub/a.csv', 'x,y\n');
    job.write('output/sub/empty', '');
    mkdirSync(job.path('output/empty-folder'));
    mkdirSync(job.path('output/lost+found'));
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(outputs(job)).toEqual(
      outputPart([
        { path: 'b.json', size: text.length, sha256: sha256OfText(text) },
        { path: 'sub/a.csv', size: 4, sha256: sha256OfText('x,y\n') },
        { path: 'sub/empty', size: 0, sha256: sha256OfText('') },
      ]),
    );
    expect(job.read('publish/b.json')).toBe(text);
    // A copy, never a second name of what the predictor can still change.
    expect(statSync(job.path('publish/b.json')).ino).not.toBe(statSync(job.path('output/b.json')).ino);
  });

  it('is taken over again by an attempt after this one', async () => {
    const job = prepare();
    job.write('output/a.json', response);
    await job.run(validateOutput);
    job.write('publish/left-over', 'x');
    await job.run(validateOutput);
    expect(readdirSync(job.path('publish'))).toEqual(['a.json']);
  });

  it('may be one large file', async () => {
    const job = prepare();
    const bytes = Buffer.alloc(5_000_001, 7);
    job.write('output/large.bin', bytes);
    await job.run(validateOutput);
    expect(outputs(job)).toEqual(outputPart([{ path: 'large.bin', size: bytes.length, sha256: sha256OfText(bytes) }]));
  });

  it('of a predictor that did not run for want of input is nothing', async () => {
    // Tekton writes 0 for a step that it skips.
    const job = prepare('0', false);
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(outputs(job)).toEqual(outputPart());
  });

  it('is nothing where the run has failed already', async () => {
    const job = prepare();
    job.write('control/failure.json', { step: 'log-input', code: 4, reason: 'runtime/io-error', sentence: 'first' });
    job.write('output/a.json', response);
    expect(await job.run(validateOutput)).toBe(0);
    expect(readdirSync(job.path('publish'))).toEqual([]);
    expect(job.failure()?.sentence).toBe('first');
  });
});

describe('the predictor', () => {
  it.each<[string, number, string]>([
    ['3', 3, 'exited with code 3'],
    ['255\n', 255, 'exited with code 255'],
    ['-1', 137, 'was killed'],
    ['137', 137, 'was killed'],
    ['70000', 255, 'exited with code 70000'],
    ['killed', 1, 'ended without an exit code'],
  ])('that ended with %j fails the run with its own code', async (exitCode, code, words) => {
    const job = prepare(exitCode);
    job.write('output/a.json', response);
    expect(await fails(job, 'runtime/predictor-failed', code, 'user-container')).toContain(words);
  });

  it('that left no exit code fails the run', async () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.write('report/input.part.json', inputPart());
    await fails(job, 'runtime/predictor-not-run', 4, 'user-container');
  });

  it('may have its exit code written a moment after it ended', async () => {
    const job = prepare('');
    job.write('output/a.json', response);
    let naps = 0;
    const io = {
      sleep: (): Promise<void> => {
        naps += 1;
        if (naps === 3) job.write('exit-code-of-predictor', '0');
        return Promise.resolve();
      },
    };
    await job.run((real) => validateOutput({ ...real, ...io }));
    expect(naps).toBe(3);
    expect(job.failure()).toBeUndefined();
  });

  it('that wrote nothing is told where to write', async () => {
    const job = prepare();
    mkdirSync(job.path('output/only/folders'), { recursive: true });
    expect(await fails(job, 'runtime/no-output')).toContain('$ODAHU_MODEL_OUTPUT');
  });
});

describe('an unsafe output fails the run', () => {
  const withFile = (): TestJob => {
    const job = prepare();
    job.write('output/a.json', response);
    job.write('secret', 'hunter2');
    return job;
  };

  it('with a link to a file, to a folder, to nothing', async () => {
    for (const target of ['secret', '', 'nothing']) {
      const job = withFile();
      symlinkSync(job.path(target), job.path('output/sub'));
      expect(await fails(job, 'runtime/unsafe-output')).toContain('"sub", which is a link');
    }
  });

  it('with a second name of a file', async () => {
    const job = withFile();
    linkSync(job.path('secret'), job.path('output/b'));
    expect(await fails(job, 'runtime/unsafe-output')).toContain('hard link');
  });

  it('with a named pipe, without waiting for its writer', async () => {
    const job = withFile();
    execFileSync('mkfifo', [job.path('output/pipe')]);
    expect(await fails(job, 'runtime/unsafe-output')).toContain('a named pipe');
  });

  it('with a socket', async () => {
    const job = withFile();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(job.path('output/socket'), resolve));
    onTestFinished(() => {
      server.close();
    });
    expect(await fails(job, 'runtime/unsafe-output')).toContain('a socket');
  });

  it.each<[string, string, string, string]>([
    ['a reserved name', '_SUCCESS', 'runtime/reserved-output-name', 'reserved'],
    ['a reserved folder', '_report/x', 'runtime/reserved-output-name', '"_report"'],
    ['a control character', 'a\nb', 'runtime/bad-output-name', '"a\\u000ab"'],
    ['a direction mark', 'a\u202eb', 'runtime/bad-output-name', 'cannot be seen'],
    ['too long a path', `${'d'.repeat(200)}/`.repeat(6), 'runtime/bad-output-name', '1024 bytes'],
  ])('with %s', async (_, name, reason, words) => {
    const job = withFile();
    job.write(`output/${name.endsWith('/') ? `${name}x` : name}`, 'x');
    expect(await fails(job, reason)).toContain(words);
  });

  it('with a name that is no UTF-8', async () => {
    const job = withFile();
    writeFileSync(Buffer.concat([Buffer.from(job.path('output/')), Buffer.from([0x61, 0xff])]), 'x');
    expect(await fails(job, 'runtime/bad-output-name')).toContain('is not UTF-8');
  });

  it('but a name that begins with "_" further down is fine', async () => {
    const job = withFile();
    job.write('output/sub/_x', '1');
    await job.run(validateOutput);
    expect(job.failure()).toBeUndefined();
  });

  it('with a .json file that is no response', async () => {
    const job = withFile();
    job.write('output/b.json', { outputs: [] });
    job.write('output/c.csv', 'not looked at');
    expect(await fails(job, 'runtime/invalid-output')).toBe(
      '1 of 2 output files are not valid responses of the Open Inference Protocol. The first is "b.json" (line 1, byte 0): "model_name" is missing. All are in _report/output-validation.jsonl.',
    );
    expect(JSON.parse(job.read('report/upload/_report/output-validation.jsonl'))).toEqual({
      file: 'b.json',
      code: 'E-MISSING',
      severity: 'error',
      pointer: '',
      message: '"model_name" is missing',
      offset: 0,
      line: 1,
    });
  });

  it('with a file that goes on behind the end that it had when it was opened', async () => {
    // The kernel's own files say that they are empty, and are not.
    const job = withFile();
    await job.run(validateOutput, { [stepEnv.output]: '/proc/sys/fs/inotify' });
    expect(job.failure()).toMatchObject({ reason: 'runtime/output-changed', code: 2 });
    expect(readdirSync(job.path('publish'))).toEqual([]);
  });
});

describe('a folder that is being changed', () => {
  it('is read through its descriptor, wherever its name leads by now', async () => {
    const job = createJob();
    job.write('output/sub/a', 'good');
    job.write('elsewhere/a', 'hunter2');
    const root = await openFolder(job.path('output'));
    const sub = await root.folder(Buffer.from('sub'));
    renameSync(job.path('output/sub'), job.path('output/old'));
    symlinkSync(job.path('elsewhere'), job.path('output/sub'));
    const file = await sub.file(Buffer.from('a'));
    expect((await file.readFile()).toString()).toBe('good');
    await expect(root.folder(Buffer.from('sub'))).rejects.toThrow(/ELOOP|ENOTDIR/);
    for (const open of [file, sub, root]) await open.close();
  });

  it('opens no link in place of a file', async () => {
    const job = createJob();
    symlinkSync('/etc/passwd', job.path('output/a'));
    const root = await openFolder(job.path('output'));
    await expect(root.file(Buffer.from('a'))).rejects.toThrow('ELOOP');
    await root.close();
  });
});
