import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutput, updateOutput } from '../../../src/emit/writer.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { allowed, before, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

describe('locks', () => {
  const claimOf = (pid: number, start: string, host = hostname().replace(/[^A-Za-z0-9-]/g, '-')): string => {
    const path = join(at.root, '.millrace.stage/dist', `lock.${pid}.0.${start}.${host}`);
    writeTree(at.root, { [`.millrace.stage/dist/lock.${pid}.0.${start}.${host}`]: '' });
    return path;
  };
  // The process that runs this test's worker lives as long as the test does.
  const alive = process.ppid;

  it('emit/locked: waits for the run that has the folder, then gives up and says who it is', () => {
    const path = claimOf(alive, '0');
    const start = performance.now();
    expect(said(updateOutput(at.dist, before, { waitMilliseconds: 200 })[1])).toEqual([`dist/ is being written by process ${alive} [emit/locked]`]);
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(said(readOutput(at.dist, allowed)[1])).toEqual([`dist/ is being written by process ${alive} [emit/locked]`]);
    rmSync(path);
    expect(updateOutput(at.dist, before, allowed)[1]).toEqual([]);
    expect(treeOf(at.root)).toEqual(treeFrom(before));
  });

  it('takes over from a dead process', () => {
    const { pid } = JSON.parse(execFileSync(process.execPath, ['-p', 'JSON.stringify({pid: process.pid})'], { encoding: 'utf8' })) as { pid: number };
    claimOf(pid, '0');
    expect(updateOutput(at.dist, before, allowed)[1]).toEqual([]);
    expect(treeOf(at.root)).toEqual(treeFrom(before));
  });

  it.runIf(existsSync('/proc/self/stat'))('takes over from a process whose number another one has now', () => {
    claimOf(alive, '1');
    expect(updateOutput(at.dist, before, allowed)[1]).toEqual([]);
  });

  it('waits ten minutes for a run on another machine, which cannot be asked', () => {
    const path = claimOf(1, '1', 'other-host');
    expect(said(updateOutput(at.dist, before, allowed)[1])).toEqual(['dist/ is being written by process 1 on other-host [emit/locked]']);
    utimesSync(path, new Date(), new Date(Date.now() - 11 * 60_000));
    expect(updateOutput(at.dist, before, allowed)[1]).toEqual([]);
  });

  it('keeps output folders beside each other apart', () => {
    claimOf(alive, '0');
    expect(updateOutput(join(at.root, 'other'), before, allowed)[1]).toEqual([]);
  });
});
