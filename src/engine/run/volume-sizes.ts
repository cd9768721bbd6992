/** How much a job's volumes hold. Folders of this machine have no limit, and a pod is evicted for a volume that is above its own. */
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../../base/quantity.js';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isDiskError } from '../../emit/disk.js';
import type { Step, Task } from './task.js';
import type { WorkFolder } from './work-folder.js';

export interface LargeVolume {
  readonly volume: string;
  readonly diagnostic: Diagnostic;
}

/** Of the volumes that a step may write to. */
export function tooLarge(step: Step, task: Task, work: WorkFolder): readonly LargeVolume[] {
  const names = new Set(step.mounts.filter(({ readOnly }) => !readOnly).map(({ volume }) => volume));
  return task.volumes.flatMap((volume) => {
    if (!names.has(volume.name) || (volume.kind !== 'empty' && volume.kind !== 'memory') || volume.size === undefined) return [];
    const used = usedBytes(work.volume(volume.name));
    if (used <= (bytesOf(volume.size) ?? Number.POSITIVE_INFINITY)) return [];
    const written = `${String(Math.ceil(used / 1024 ** 2))}Mi`;
    const args = { step: step.name, volume: volume.name, used: written, size: volume.size };
    return [{ volume: volume.name, diagnostic: diagnose('run/volume-too-large', undefined, args) }];
  });
}

/** What the files take on disk, each once however many names it has; holes take nothing. */
function usedBytes(folder: string): number {
  const counted = new Set<string>();
  let blocks = 0;
  const count = (path: string): void => {
    const stat = statOf(path);
    if (!stat) return;
    const id = `${String(stat.dev)} ${String(stat.ino)}`;
    if (counted.has(id)) return;
    if (stat.nlink > 1) counted.add(id);
    blocks += stat.blocks;
    if (stat.isDirectory()) for (const name of namesIn(path)) count(join(path, name));
  };
  count(folder);
  return blocks * 512;
}

/**
 * What a step that was ended has left running may still remove files, and a predictor may close its folders or nest them
 * deeper than a path reaches: nothing of that is a reason to end the run here.
 */
function unlessRefused<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}

const statOf = (path: string): Stats | undefined => unlessRefused(() => lstatSync(path));
const namesIn = (path: string): readonly string[] => unlessRefused(() => readdirSync(path)) ?? [];
