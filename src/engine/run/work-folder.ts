/** The folder of this machine that stands for a pod's volumes. Only what `run` has made itself is ever removed. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import { attempt, isDiskError, nodeDisk, quietly, reasonOf } from '../../emit/disk.js';
import { makeFolders } from '../../emit/make-folders.js';
import { removeTree } from './remove-tree.js';
import type { Volume } from './task.js';

/** Marks a folder as ours; holds the process that uses it, or nothing. */
const markerName = '.millrace-run.pid';
/** Bytes of a marker of ours, at most. */
const longestMarker = 32;
/** What stands in a work folder besides the marker. */
const parts = ['volumes', 'steps', 'home'] as const;

export interface WorkFolder {
  readonly path: string;
  /** Folder of a volume, or of a part of it. */
  volume(name: string, subPath?: string): string;
  /** What is `/tekton/steps` in a pod. */
  readonly steps: string;
  /** A private folder of one step, for HOME, TMPDIR and the working directory. */
  home(step: string): string;
  /** Gives it free: kept as it is, or removed. Gives the reason where it could not be. */
  release(keep: boolean): string | undefined;
}

/** Takes the folder for this process, empty. It must be absent, empty, or left over from an earlier run that has ended. */
export function claimWorkFolder(path: string, display: string): Result<WorkFolder> {
  try {
    return claimFolder(path, display);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return [undefined, [diagnose('run/work-unusable', undefined, { path: display, reason: reasonOf(error) })]];
  }
}

function claimFolder(path: string, display: string): Result<WorkFolder> {
  const marker = join(path, markerName);
  const found = readdirOrUndefined(path);
  if (found === 'other') return [undefined, [diagnose('run/work-not-ours', undefined, { path: display })]];
  if (found !== undefined && found.length > 0 && !found.includes(markerName)) {
    return [undefined, [diagnose('run/work-not-ours', undefined, { path: display })]];
  }
  const owner = found?.includes(markerName) ? runningOwner(marker) : undefined;
  if (owner !== undefined) return [undefined, [diagnose('run/already-running', undefined, { path: display, pid: owner })]];

  const made = makeFolders(path, nodeDisk, 0o700);
  for (const part of parts) removeTree(join(path, part));
  writeMarker(marker, `${process.pid}\n`);
  const { dev, ino } = lstatSync(path);
  for (const part of parts) mkdirSync(join(path, part), { mode: 0o700 });

  return [
    {
      path,
      volume: (name, subPath = '') => makeFolder(path, 'volumes', name, subPath),
      steps: join(path, 'steps'),
      home: (step) => makeFolder(path, 'home', step),
      release: (keep) => {
        // What stands in its place now is not ours to empty.
        if (!isStill(path, dev, ino)) return 'it was removed or replaced while the job ran';
        const problem = attempt(() => {
          if (!keep) for (const part of parts) removeTree(join(path, part));
        });
        if (keep || problem) {
          // A number that nobody has does no harm; one that somebody gets later would.
          quietly(() => {
            writeMarker(marker, '');
          });
          return problem && reasonOf(problem);
        }
        quietly(() => {
          removeTree(marker);
        });
        // A folder that was there before stays, empty as it was.
        if (made !== undefined || found?.includes(markerName)) removeIfEmpty(path);
        if (made !== undefined && made !== path) removeIfEmpty(dirname(path));
        return undefined;
      },
    },
    [],
  ];
}

/** Where a predictor has put something else in its place, the step that needs it says so. */
function makeFolder(...names: readonly string[]): string {
  const folder = join(...names);
  quietly(() => mkdirSync(folder, { recursive: true }));
  return folder;
}

/** Makes the folders of all volumes; a ConfigMap's holds its files. */
export function makeVolumes(work: WorkFolder, volumes: readonly Volume[], configMap: (name: string) => Readonly<Record<string, string>>): void {
  for (const volume of volumes) {
    const folder = work.volume(volume.name);
    if (volume.kind !== 'configMap') continue;
    for (const [file, text] of Object.entries(configMap(volume.configMap))) writeFileSync(join(folder, file), text);
  }
}

function readdirOrUndefined(path: string): readonly string[] | 'other' | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  return stat.isDirectory() ? readdirSync(path) : 'other';
}

function isStill(folder: string, dev: number, ino: number): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.dev === dev && stat.ino === ino;
  } catch {
    return false;
  }
}

/** A link or a pipe that somebody has put there is neither followed nor waited for. */
function writeMarker(marker: string, text: string): void {
  removeTree(marker);
  writeFileSync(marker, text, { flag: 'wx' });
}

/** The process that a marker names, if it still runs. What is no file names none. */
function runningOwner(marker: string): number | undefined {
  const stat = lstatSync(marker);
  if (!stat.isFile() || stat.size > longestMarker) return undefined;
  const pid = Number.parseInt(readFileSync(marker, 'utf8'), 10);
  if (!(pid > 0) || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // It runs, but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something of the user's, or of another run, is in it.
  }
}
