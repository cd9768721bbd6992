import { chmodSync, linkSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeTree } from '../../../src/engine/run/remove-tree.js';
import { readTask, type Step, type Task } from '../../../src/engine/run/task.js';
import { tooLarge } from '../../../src/engine/run/volume-sizes.js';
import { claimWorkFolder, type WorkFolder } from '../../../src/engine/run/work-folder.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { makeDeepTree, withoutRoot } from '../../support/hostile-folders.js';
import { serviceModel } from '../../support/models.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-sizes-'));
});
afterEach(() => {
  removeTree(folder);
});

const task: Task = readTask(renderTask({ ...serviceModel, storage: { ...serviceModel.storage, output: '1Mi', tmp: '1Mi', shm: '1Mi' } }, 'runtime'));
const stepOf = (name: string): Step => {
  const step = task.steps.find((each) => each.name === name);
  if (!step) throw new Error(`there is no step ${name}`);
  return step;
};

function workFolder(): WorkFolder {
  const [work] = claimWorkFolder(join(folder, 'work'), 'work');
  if (!work) throw new Error('the work folder is not free');
  return work;
}

const told = (work: WorkFolder, step = 'user-container'): readonly string[] =>
  tooLarge(stepOf(step), task, work).map(({ diagnostic: { code, message, hint } }) => `${code}: ${message}; ${hint ?? ''}`);

const half = Buffer.alloc(512 * 1024, 1);

it('run/volume-too-large: of each volume that the step may write to', () => {
  const work = workFolder();
  for (const name of ['a', 'b', 'c']) {
    writeFileSync(join(work.volume('output'), name), half);
    writeFileSync(join(work.volume('tmp'), name), half);
  }
  expect(told(work)).toEqual([
    'run/volume-too-large: after step user-container, the volume output holds 2Mi, and its size is 1Mi; on a cluster the pod would be evicted: raise storage.output of the service',
    'run/volume-too-large: after step user-container, the volume tmp holds 2Mi, and its size is 1Mi; on a cluster the pod would be evicted: raise storage.tmp of the service',
  ]);
  // It may read the output only.
  expect(told(work, 'validate-output')).toEqual([]);
});

it('a file of several names, a hole, a link and a folder that cannot be read count as what they take', () => {
  const work = workFolder();
  const output = work.volume('output');
  writeFileSync(join(output, 'a'), half);
  for (const name of ['b', 'c', 'd']) linkSync(join(output, 'a'), join(output, name));
  writeFileSync(join(output, 'hole'), '');
  truncateSync(join(output, 'hole'), 1024 ** 3);
  writeFileSync(join(folder, 'elsewhere'), Buffer.alloc(2 * 1024 ** 2, 1));
  symlinkSync(join(folder, 'elsewhere'), join(output, 'link'));
  const closed = work.volume('output', 'closed');
  chmodSync(closed, 0);
  expect(told(work)).toEqual([]);
  chmodSync(closed, 0o700);
});

it('a folder that tells its names and nothing else counts as what it takes itself', () => {
  const seen = withoutRoot([folder], () => {
    const work = workFolder();
    const closed = join(work.volume('output'), 'closed');
    mkdirSync(closed);
    writeFileSync(join(closed, 'x.csv'), Buffer.alloc(2 * 1024 ** 2, 1));
    chmodSync(closed, 0o444);
    return told(work);
  });
  expect(seen).toEqual([]);
});

it('folders deeper than a path reaches hide nothing else', () => {
  const work = workFolder();
  makeDeepTree(work.volume('output'));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(work.volume('output'), name), half);
  expect(told(work)).toHaveLength(1);
});

it.each([
  ['removed', () => undefined, 0],
  [
    'replaced by a file',
    (path: string) => {
      writeFileSync(path, Buffer.alloc(2 * 1024 ** 2, 1));
    },
    1,
  ],
])('a volume that was %s is measured as it is', (_, replace, warnings) => {
  const work = workFolder();
  const output = work.volume('output');
  removeTree(output);
  replace(output);
  expect(told(work)).toHaveLength(warnings);
});
