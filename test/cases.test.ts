import { describe, expect, it } from 'vitest';
import { findCases, readExpectations, readInput, writeExpectations } from './support/case-folder.js';
import { compileFiles, textOf } from './support/compile-files.js';

/** `UPDATE_CASES=1 npx vitest run test/cases.test.ts` rewrites all expectations; read the difference as carefully as code. */
const update = process.env['UPDATE_CASES'] === '1';

describe('cases', () => {
  it.each(findCases())('$name', (each) => {
    const result = compileFiles(readInput(each));
    const diagnostics = textOf(result);
    const output = Object.fromEntries(result.files.map(({ path, text }) => [path, text]));
    const expected = readExpectations(each);
    if (update) writeExpectations(each, { diagnostics, output: expected.output && output });
    const wanted = update ? readExpectations(each) : expected;
    expect(diagnostics).toBe(wanted.diagnostics);
    if (wanted.output) expect(output).toEqual(wanted.output);
  });
});
