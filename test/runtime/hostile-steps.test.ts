/** What the steps say of bad data, and that they say it in a sentence. */
import { describe, expect, it } from 'vitest';
import { unpack } from '../../runtime/archive/unpack.js';
import { createLog } from '../../runtime/base/log.js';
import { failure } from '../../runtime/base/failure.js';
import { directStep } from '../../runtime/base/step.js';
import { readJob } from '../../runtime/base/control.js';
import { parseStepConfig } from '../../src/contract/parse-step-config.js';
import { tarGz, zip } from './support/archives.js';
import { createJob, stepConfig } from './support/job.js';

describe('the log', () => {
  it('holds a stack for a bug of ours only', async () => {
    const job = createJob();
    const step = directStep('configure-rclone', async () => {
      await readJob(job.path('control/nothing'));
    });
    expect(await job.run(step)).toBe(1);
    expect(job.stdout()).toMatch(/ at .*control\.ts/);

    const other = createJob();
    const disk = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
    expect(await other.run(directStep('configure-rclone', () => Promise.reject(disk)))).toBe(4);
    expect(JSON.parse(other.stdout())).toMatchObject({ reason: 'runtime/io-error', cause: 'EIO: i/o error, read' });
    expect(other.stdout()).not.toMatch(/ at .*\.ts/);
  });

  it.each([
    ['tar.gz', tarGz([{ name: 'a', content: 'x'.repeat(5000) }]).subarray(0, 60)],
    ['tar', Buffer.alloc(2000, 65)],
    ['zip', zip([{ name: 'a', content: 'x', crc: 1 }])],
    ['zip', Buffer.alloc(100, 65)],
  ] as const)('holds one sentence for a damaged %s archive', async (form, bytes) => {
    const job = createJob();
    job.write(`model-raw/m.${form}`, bytes);
    expect(await job.run(directStep('validate-input', () => unpack(job.path(`model-raw/m.${form}`), form, job.path('model'))))).toBe(2);
    const line = JSON.parse(job.stdout()) as Readonly<Record<string, unknown>>;
    expect(line).toMatchObject({ reason: 'runtime/bad-archive' });
    expect(line).not.toHaveProperty('cause');
  });

  it('cuts a field of megabytes, and says how much it left out', () => {
    let text = '';
    const io = {
      env: {},
      now: () => new Date(0),
      stdout: (line: string) => void (text += line),
      stderr: () => undefined,
      sleep: () => Promise.resolve(),
    };
    createLog('validate-input', io).info('m', { file: 'x'.repeat(5_000_000), count: 3 });
    expect(text.length).toBeLessThan(10_000);
    expect(JSON.parse(text)).toMatchObject({ count: 3, file: expect.stringMatching(/^x+… \(4991808 more characters\)$/) as string });
  });
});

describe('a data source in which nothing was found', () => {
  it('says what was looked for, and how a folder is written', () => {
    expect(failure('runtime/no-input', { uri: 's3://b/fraud/in' }).sentence).toMatch(
      /^No object "s3:\/\/b\/fraud\/in" was found .* folder ends with "\/"/,
    );
    expect(failure('runtime/no-input', { uri: 's3://b/fraud/in/' }).sentence).toMatch(/^Nothing was found at "s3:\/\/b\/fraud\/in\/"/);
  });
});

describe('a configuration', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('with a field called %s is refused by its name', (name) => {
    const extra = (value: object): string => JSON.stringify(value).replace(/\}$/, `,"${name}":{}}`);
    expect(parseStepConfig(extra(stepConfig)).problem).toBe(`${name} is not a known field`);
    const inside = JSON.stringify({ ...stepConfig, service: 'here' }).replace('"here"', extra(stepConfig.service));
    expect(parseStepConfig(inside).problem).toBe(`service.${name} is not a known field`);
  });
});
