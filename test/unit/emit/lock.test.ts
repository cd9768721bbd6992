import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk, type Disk } from '../../../src/emit/disk.js';
import { claim, release } from '../../../src/emit/lock.js';

let stage = '';
beforeEach(() => {
  stage = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
});
afterEach(() => rmSync(stage, { recursive: true, force: true }));

/** Runs on other machines, which count as alive: a host that is ours and more sorts after us, `-` before. */
const laterName = (own: string): string => `${own}z`;
const earlierName = (own: string): string => own.replace(/[^.]*$/, '-');

/**
 * A disk on which another run claims the folder whenever ours does, before either looks. `afterLook` is told of each look
 * of ours after that, and whether our claim stood beside the other's.
 */
function diskInStep(rivalName: (own: string) => string, afterLook: (look: number, rival: string, hasClaimed: boolean) => void): Disk {
  let own = '';
  let rival = '';
  let looks = 0;
  return {
    ...nodeDisk,
    openSync: (...args) => {
      const descriptor = nodeDisk.openSync(...args);
      if (rival === '') {
        own = String(args[0]);
        rival = join(dirname(own), rivalName(basename(own)));
        writeFileSync(rival, '');
      }
      return descriptor;
    },
    readdirSync: ((...args: Parameters<typeof readdirSync>): unknown => {
      const names = nodeDisk.readdirSync(...args);
      if (rival !== '') afterLook(++looks, rival, existsSync(own));
      return names;
    }) as Disk['readdirSync'],
  };
}

describe('two runs that claim at the same time', () => {
  it('the first by name keeps its claim until the other has withdrawn', () => {
    const removed: unknown[] = [];
    const disk = diskInStep(laterName, (look, rival) => {
      if (look === 2) rmSync(rival);
    });
    const { path, heldBy } = claim(stage, 1000, { ...disk, unlinkSync: (name) => void removed.push(name) });
    expect(heldBy).toBeUndefined();
    expect(removed).not.toContain(path);
    expect(readdirSync(stage)).toEqual([basename(path)]);
  });

  it('the other withdraws at once, and claims again only when the first is done', () => {
    const claimed: boolean[] = [];
    const disk = diskInStep(earlierName, (look, rival, hasClaimed) => {
      claimed.push(hasClaimed);
      if (look === 3) rmSync(rival);
    });
    expect(claim(stage, 1000, disk).heldBy).toBeUndefined();
    // The look that saw the other, one that found it still there, one that found it gone, and one after the new claim.
    expect(claimed).toEqual([true, false, false, true]);
  });

  it.each([
    ['first', laterName],
    ['last', earlierName],
  ])('leaves no claim behind when it gives up as the %s by name', (_, rivalName) => {
    const { path, heldBy } = claim(
      stage,
      100,
      diskInStep(rivalName, () => undefined),
    );
    expect(heldBy).toMatch(new RegExp(`^process ${process.pid} on `));
    expect(readdirSync(stage)).toEqual([basename(path)]);
  });
});

it('a claim that this very thread has left behind is its own again', () => {
  const first = claim(stage, 0, nodeDisk);
  expect(claim(stage, 0, nodeDisk)).toEqual(first);
  release(first.path, nodeDisk);
  expect(readdirSync(stage)).toEqual([]);
});
