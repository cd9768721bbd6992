/** What `init` makes runs as its README says: the real rclone, the predictor in Python. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { millrace, readFiles, temporaryFolder } from '../cli/command.js';

test('the example of a new repository runs on this machine', () => {
  const cwd = temporaryFolder();
  expect(millrace(['init'], { cwd }).code).toBe(0);
  const made = readFiles(cwd);
  const [, command] = /^npx millrace@\S+ (run .*)$/m.exec(String(made['README.md'])) ?? [];
  const { code, stdout, stderr } = millrace(String(command).split(' '), { cwd });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/\n9\/9 sync-output .*ok/);

  const results = readFiles(join(cwd, 'example/store/results/scorer/out'));
  expect(Object.keys(results).sort()).toEqual(['_MANIFEST.json', '_SUCCESS', 'request-1.json']);
  expect(JSON.parse(String(results['request-1.json']))).toEqual({
    id: 'request-1',
    model_name: 'scorer',
    model_version: '1',
    outputs: [{ name: 'scores', shape: [2], datatype: 'FP64', data: [2, 3.5] }],
  });
  // Nothing else has come or changed.
  expect(Object.fromEntries(Object.entries(readFiles(cwd)).filter(([path]) => !path.startsWith('example/store/results/')))).toEqual(made);
});
