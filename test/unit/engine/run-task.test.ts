/** What a step can do to the folders of its run: it ends as a failed step, not as a bug of ours. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeTree } from '../../../src/engine/run/remove-tree.js';
import { runTask, type StepResult } from '../../../src/engine/run/run-task.js';
import { readTask } from '../../../src/engine/run/task.js';
import { claimWorkFolder, type WorkFolder } from '../../../src/engine/run/work-folder.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-task-'));
});
afterEach(() => {
  removeTree(folder);
});

const task = readTask({
  apiVersion: 'tekton.dev/v1',
  kind: 'Task',
  metadata: { name: 'small', namespace: 'risk' },
  spec: {
    steps: ['one', 'two'].map((name) => ({ name, image: 'x:1', command: ['true'], volumeMounts: [{ name: 'data', mountPath: '/mnt' }] })),
    volumes: [{ name: 'data', emptyDir: {} }],
  },
});

/** Each step does `action` and exits with 0. */
async function runBoth(action: (work: WorkFolder, step: string) => void): Promise<readonly StepResult[]> {
  const [work] = claimWorkFolder(join(folder, 'work'), 'work');
  if (!work) throw new Error('the work folder is not free');
  const results = await runTask({
    task,
    name: 'small',
    params: new Map(),
    work,
    host: () => ({
      run: ({ step }) => {
        action(work, step.name);
        return Promise.resolve({ kind: 'exited', code: 0, signal: undefined });
      },
    }),
    signal: new AbortController().signal,
    events: { stepStarts: () => undefined, line: () => undefined, stepEnds: () => undefined },
  });
  return results.map((result) => ({ ...result, seconds: 0 }));
}

const skipped = { name: 'two', reason: 'Skipped', exitCode: 1, seconds: 0, detail: undefined };

it('a step that removes the folder of exit codes', async () => {
  const results = await runBoth((work) => {
    removeTree(work.steps);
  });
  const detail = 'its exit code cannot be written down: no such file or directory (ENOENT)';
  expect(results).toEqual([{ name: 'one', reason: 'Error', exitCode: 1, seconds: 0, detail }, skipped]);
});

it('a step whose folder of results cannot be made', async () => {
  const results = await runBoth((work) => {
    writeFileSync(join(work.steps, 'step-two'), '');
  });
  expect(results[0]).toMatchObject({ name: 'one', reason: 'Completed', exitCode: 0 });
  expect(results[1]).toMatchObject({ name: 'two', reason: 'Error', exitCode: 1 });
  expect(results[1]?.detail).toMatch(/\(E(NOTDIR|EXIST)\)$/);
});

it('a step that puts a file in the place of a volume: the next one sees it', async () => {
  const seen: string[] = [];
  const results = await runBoth((work, step) => {
    seen.push(step);
    removeTree(work.volume('data'));
    writeFileSync(join(work.path, 'volumes', 'data'), '');
  });
  expect({ seen, reasons: results.map(({ reason }) => reason) }).toEqual({ seen: ['one', 'two'], reasons: ['Completed', 'Completed'] });
});
