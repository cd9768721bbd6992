import { describe, expect, it } from 'vitest';
import { createErrorsFile } from '../../runtime/validate/errors-file.js';
import { createReportFile } from '../../runtime/validate/report-file.js';
import type { Violation } from '../../src/oip/violation.js';
import { createJob } from './support/job.js';

const violation = (line: number, severity: Violation['severity'] = 'error'): Violation => ({
  code: 'E-TYPE',
  severity,
  pointer: `/${'p'.repeat(100)}`,
  message: 'is wrong',
  offset: line,
  line,
});
const parsed = (text: string): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('a report', () => {
  it('has a line for each problem, until there is no room: then one for each file, which counts', async () => {
    const job = createJob();
    const path = job.path('report/upload/_report/validation.jsonl');
    const report = createReportFile(path, 500);
    const problems = [violation(1), violation(2)];
    for (const file of ['a', 'b', 'c']) await report.add({ file }, problems, 5);
    await report.close();
    expect(parsed(job.read('report/upload/_report/validation.jsonl'))).toEqual([
      { file: 'a', ...violation(1) },
      { file: 'a', ...violation(2) },
      { file: 'a', notShown: 3 },
      { file: 'b', ...violation(1) },
      { file: 'b', notShown: 4 },
      { file: 'c', notShown: 5 },
    ]);
  });

  it('is no file where there is nothing to tell', async () => {
    const job = createJob();
    const report = createReportFile(job.path('report/upload/x'));
    await report.add({ file: 'a' }, [], 0);
    await report.close();
    expect(job.has('report/upload')).toBe(false);
  });

  it('of a quarantine tells of errors only', async () => {
    const job = createJob();
    const errors = createErrorsFile(job.path('report'), '');
    await errors.add('a', '_quarantine/a', { violations: [violation(1, 'warning'), violation(2)], errors: 3, warnings: 7 });
    await errors.close();
    const head = { file: 'a', quarantine: '_quarantine/a' };
    expect(parsed(job.read('report/upload/_quarantine/_errors.jsonl'))).toEqual([
      { ...head, ...violation(2) },
      { ...head, notShown: 2 },
    ]);
  });
});
