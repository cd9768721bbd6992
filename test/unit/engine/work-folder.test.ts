import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protect } from '../../../src/engine/run/read-only.js';
import { removeTree } from '../../../src/engine/run/remove-tree.js';
import { claimWorkFolder, makeVolumes, type WorkFolder } from '../../../src/engine/run/work-folder.js';
import { makeDeepTree, withoutRoot } from '../../support/hostile-folders.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-work-'));
});
afterEach(() => {
  removeTree(folder);
});

function claim(path: string): WorkFolder {
  const [work, problems] = claimWorkFolder(path, 'WORK');
  if (!work) throw new Error(problems[0]?.message);
  return work;
}
const problemsOf = (path: string): readonly string[] => claimWorkFolder(path, 'WORK')[1].map(({ code, message }) => `${code}: ${message}`);

describe('the work folder', () => {
  it('is made, filled, and removed without a trace', () => {
    const path = join(folder, '.millrace-run', 'job');
    const work = claim(path);
    makeVolumes(
      work,
      [
        { name: 'data', kind: 'empty', size: undefined },
        { name: 'runtime', kind: 'configMap', configMap: 'r' },
        { name: 'keys', kind: 'secret' },
      ],
      () => ({ 'a.mjs': '1' }),
    );
    expect(readdirSync(join(path, 'volumes')).sort()).toEqual(['data', 'keys', 'runtime']);
    expect(readFileSync(join(path, 'volumes', 'runtime', 'a.mjs'), 'utf8')).toBe('1');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    work.release(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is kept on request, and emptied by the next run', () => {
    const path = join(folder, 'job');
    const first = claim(path);
    writeFileSync(join(first.volume('data'), 'old'), '');
    first.release(true);
    expect(existsSync(join(path, 'volumes', 'data', 'old'))).toBe(true);
    const second = claim(path);
    expect(existsSync(join(path, 'volumes', 'data', 'old'))).toBe(false);
    second.release(false);
    expect(existsSync(path)).toBe(false);
  });

  it('does not wait for a pipe nor follow a link in place of its marker', () => {
    const path = join(folder, 'job');
    const marker = join(path, '.millrace-run.pid');
    const other = join(folder, 'other');
    writeFileSync(other, 'mine');
    mkdirSync(path);
    execFileSync('mkfifo', [marker]);
    const work = claim(path);
    rmSync(marker);
    execFileSync('mkfifo', [marker]);
    expect(work.release(true)).toBeUndefined();
    expect(statSync(marker).isFile()).toBe(true);
    rmSync(marker);
    symlinkSync(other, marker);
    const again = claim(path);
    rmSync(marker);
    mkdirSync(marker);
    expect(again.release(false)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(other, 'utf8')).toBe('mine');
  });

  it('leaves alone what stands in its place when the job has ended', () => {
    const path = join(folder, 'runs', 'job');
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(join(elsewhere, 'home'), { recursive: true });
    const work = claim(path);
    removeTree(path);
    expect(work.release(false)).toBe('it was removed or replaced while the job ran');
    symlinkSync(elsewhere, path);
    expect(work.release(false)).toBe('it was removed or replaced while the job ran');
    expect(readdirSync(elsewhere)).toEqual(['home']);
    removeTree(join(folder, 'runs'));
    writeFileSync(join(folder, 'runs'), '');
    expect(work.release(true)).toBe('it was removed or replaced while the job ran');
  });

  it('stays where it was there before, and so does what is beside it', () => {
    const path = join(folder, 'given');
    mkdirSync(path);
    claim(path).release(false);
    expect(readdirSync(path)).toEqual([]);
  });

  it('is refused where something else is in it: run/work-not-ours', () => {
    writeFileSync(join(folder, 'mine.txt'), 'x');
    expect(problemsOf(folder)).toEqual(['run/work-not-ours: the work folder WORK holds something that millrace run did not make']);
    expect(problemsOf(join(folder, 'mine.txt'))).toHaveLength(1);
    symlinkSync(folder, join(folder, 'link'));
    expect(problemsOf(join(folder, 'link'))).toHaveLength(1);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('x');
  });

  it.runIf(existsSync('/proc/self'))('is refused at once where none can be made: run/work-unusable', () => {
    expect(problemsOf('/proc/none/below')).toEqual(['run/work-unusable: the work folder WORK cannot be used: no such file or directory (ENOENT)']);
    writeFileSync(join(folder, 'file'), '');
    expect(problemsOf(join(folder, 'file', 'job'))).toEqual(['run/work-unusable: the work folder WORK cannot be used: not a directory (ENOTDIR)']);
  });

  it('removes only what a run has made, also in a folder that is marked as one', () => {
    const path = join(folder, 'job');
    claim(path).release(true);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    claim(path).release(false);
    expect(readdirSync(path)).toEqual(['notes.txt']);
  });

  it('is taken while its run goes on: run/already-running', () => {
    const path = join(folder, 'job');
    claim(path).release(true);
    const alive = String(process.ppid);
    writeFileSync(join(path, '.millrace-run.pid'), `${alive}\n`);
    expect(problemsOf(path)).toEqual([`run/already-running: process ${alive} runs a job in the work folder WORK`]);
    // The run was killed: nobody has this number any more.
    writeFileSync(join(path, '.millrace-run.pid'), '4194399\n');
    claim(path).release(false);
  });
});

describe('what a predictor left in the work folder', () => {
  const fill = (work: WorkFolder): string => {
    const output = work.volume('output');
    makeDeepTree(output);
    writeFileSync(Buffer.concat([Buffer.from(`${output}/`), Buffer.from([0x61, 0xff])]), '');
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'mine'), '');
    symlinkSync(join(folder, 'elsewhere'), join(output, 'link'));
    return output;
  };

  it('folders deeper than a path reaches go with it, and what links lead to stays', () => {
    const path = join(folder, 'job');
    const work = claim(path);
    fill(work);
    work.release(false);
    expect(readdirSync(folder)).toEqual(['elsewhere']);
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['mine']);
  });

  it('the next run gets rid of them, too', () => {
    const path = join(folder, 'job');
    const first = claim(path);
    fill(first);
    first.release(true);
    expect(problemsOf(path)).toEqual([]);
    expect(readdirSync(join(path, 'volumes'))).toEqual([]);
  });

  it("says why it is still there, and is the next run's", () => {
    const path = join(folder, 'job');
    withoutRoot([folder], () => {
      const work = claim(path);
      chmodSync(path, 0o500);
      expect(work.release(false)).toBe('permission denied (EACCES)');
      chmodSync(path, 0o700);
      expect(claim(path).release(false)).toBeUndefined();
    });
    expect(existsSync(path)).toBe(false);
  });

  it('and folders that it closed, at any depth', () => {
    const path = join(folder, 'job');
    withoutRoot([folder], () => {
      const work = claim(path);
      const output = fill(work);
      mkdirSync(join(output, 'a', 'b'), { recursive: true });
      writeFileSync(join(output, 'a', 'b', 'x'), '');
      chmodSync(join(output, 'a', 'b'), 0o444);
      chmodSync(join(output, 'a'), 0);
      chmodSync(join(output, 'deep', 'd'.repeat(200)), 0);
      work.release(false);
    });
    expect(existsSync(path)).toBe(false);
  });
});

describe('folders that a step may read only', () => {
  const fill = (): string => {
    const model = join(folder, 'model');
    mkdirSync(join(model, 'deep'), { recursive: true });
    writeFileSync(join(model, 'a'), '1');
    writeFileSync(join(model, 'deep', 'b'), '2');
    symlinkSync('/etc', join(model, 'link'));
    return model;
  };

  /** As a predictor would: it takes the right to write back. */
  const removeInside = (model: string, name: string): void => {
    chmodSync(model, 0o700);
    removeTree(join(model, name));
    chmodSync(model, 0o500);
  };

  it('lose the right to write and get it back', () => {
    const model = fill();
    const guard = protect([model]);
    expect(statSync(join(model, 'deep', 'b')).mode & 0o222).toBe(0);
    expect(statSync(model).mode & 0o222).toBe(0);
    expect(guard.release()).toEqual([]);
    expect(statSync(join(model, 'deep', 'b')).mode & 0o200).toBe(0o200);
  });

  it('tell what was changed all the same', () => {
    const model = fill();
    const guard = protect([model]);
    for (const path of [model, join(model, 'a')]) chmodSync(path, 0o700);
    writeFileSync(join(model, 'a'), 'other');
    writeFileSync(join(model, 'new'), '');
    expect(guard.release()).toEqual([join(model, 'a'), join(model, 'new')]);
    rmSync(join(model, 'new'));
  });

  it.each([
    ['closed', (model: string) => chmodSync(model, 0), ['model']],
    ['closed inside', (model: string) => chmodSync(join(model, 'deep'), 0), ['model/deep']],
    ['given other rights', (model: string) => chmodSync(join(model, 'a'), 0o777), ['model/a']],
    ['removed', (model: string) => removeTree(model), ['model']],
    ['removed inside', (model: string) => removeInside(model, 'deep'), ['model/deep']],
    ['replaced by a link', (model: string) => (removeTree(model), symlinkSync('/etc', model)), ['model']],
  ] as const)('tell that they were %s', (_, change, changed) => {
    const released = withoutRoot([folder], () => {
      const model = fill();
      const guard = protect([model]);
      change(model);
      return guard.release();
    });
    expect(released).toEqual(changed.map((path) => join(folder, path)));
  });

  it('may hold names that are no text', () => {
    const model = fill();
    writeFileSync(Buffer.concat([Buffer.from(`${model}/`), Buffer.from([0x61, 0xff])]), '');
    expect(protect([model]).release()).toEqual([]);
  });

  it('are readable again after they were closed', () => {
    withoutRoot([folder], () => {
      const model = fill();
      const guard = protect([model]);
      chmodSync(model, 0);
      guard.release();
      expect(readFileSync(join(model, 'deep', 'b'), 'utf8')).toBe('2');
      expect(statSync(join(model, 'deep', 'b')).mode & 0o200).toBe(0o200);
    });
  });

  it('tell of folders deeper than a path reaches', () => {
    const model = fill();
    const guard = protect([model]);
    chmodSync(model, 0o700);
    mkdirSync(join(model, 'new'));
    makeDeepTree(join(model, 'new'));
    const [path, ...others] = guard.release();
    expect(others).toEqual([]);
    expect(path?.startsWith(join(model, 'new', 'deep'))).toBe(true);
  });

  it('do not keep a work folder from being removed', () => {
    const work = claim(join(folder, 'job'));
    const data = work.volume('data', 'valid');
    writeFileSync(join(data, 'x'), '');
    protect([work.volume('data')]);
    work.release(false);
    expect(existsSync(join(folder, 'job'))).toBe(false);
  });
});
