import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { isDiskError, statOf, tolerate, type Disk } from './disk.js';
import { makeFolders } from './make-folders.js';

/**
 * One run at a time may write an output folder. A run looks for claims, makes its own (a file named after itself) and looks
 * again: two runs cannot both miss each other, and a claim is whole as soon as it exists. Of runs that have claimed at the
 * same time, the first by name keeps its claim and the others withdraw theirs, so one of them always gets the folder. The
 * claim of a run that is dead may be removed by anyone, since no other run has its name.
 */
export interface Claim {
  /** The file that is the claim: ours, or that of the run that has the folder. */
  readonly path: string;
  /** Undefined: we have the folder. Otherwise who has it, as a user can recognise it. */
  readonly heldBy: string | undefined;
}

/** Between two looks at who holds the folder. */
const retryMilliseconds = 50;
/** A run on another machine cannot be asked whether it lives. Writing takes seconds. */
const foreignClaimMilliseconds = 10 * 60_000;

/** `stage` is a folder that exists or can be made; it may vanish while another run tidies up. */
export function claim(stage: string, waitMilliseconds: number, disk: Disk): Claim {
  const own = claimName({ pid: process.pid, thread: threadId, start: processStart(process.pid) ?? '0', host: hostName() });
  const path = join(stage, own);
  for (let waited = 0; ; waited += retryMilliseconds) {
    const holder = tryClaim(stage, own, disk);
    if (!holder) return { path, heldBy: undefined };
    if (waited >= waitMilliseconds) {
      release(path, disk);
      return holder;
    }
    sleep(retryMilliseconds);
  }
}

/** Gives the folder free for others; a claim that is gone already is no error. */
export const release = (path: string, disk: Disk): void => tolerate(['ENOENT'], () => disk.unlinkSync(path));

/** Undefined: we have the folder. Otherwise the claim of someone else, to be waited for; ours may stand beside it. */
function tryClaim(stage: string, own: string, disk: Disk): Claim | undefined {
  const path = join(stage, own);
  const hasClaimed = statOf(disk, path) !== undefined;
  const [holder] = otherClaims(stage, own, disk);
  if (holder) {
    if (hasClaimed && basename(holder.path) < own) release(path, disk);
    return holder;
  }
  if (hasClaimed) return undefined;
  try {
    makeFolders(stage, disk);
    disk.closeSync(disk.openSync(path, 'wx'));
  } catch (error) {
    // Another run that is done has just removed the stage; what is above it, no run removes.
    if (isDiskError(error) && error.code === 'ENOENT' && (error.path === stage || error.path === path)) return { path, heldBy: 'another process' };
    throw error;
  }
  const [rival] = otherClaims(stage, own, disk);
  if (rival && basename(rival.path) < own) release(path, disk);
  return rival;
}

/** The claims of others who live, the first by name first. Removes those of the dead. */
function otherClaims(stage: string, own: string, disk: Disk): readonly Claim[] {
  const claims: Claim[] = [];
  for (const name of namesIn(stage, disk).sort()) {
    const other = name === own ? undefined : parseClaim(name);
    if (!other) continue;
    const path = join(stage, name);
    const where = other.host === hostName() ? '' : ` on ${other.host}`;
    if (isAlive(other, path, disk)) claims.push({ path, heldBy: `process ${other.pid}${where}` });
    else release(path, disk);
  }
  return claims;
}

function namesIn(folder: string, disk: Disk): string[] {
  try {
    return disk.readdirSync(folder);
  } catch (error) {
    if (isDiskError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** All that is known of a run. Its start tells it from a later process that got the same number. */
interface Run {
  readonly pid: number;
  readonly thread: number;
  readonly start: string;
  readonly host: string;
}

const claimName = ({ pid, thread, start, host }: Run): string => `lock.${pid}.${thread}.${start}.${host}`;

function parseClaim(name: string): Run | undefined {
  const [, pid, thread, start, host] = /^lock\.(\d+)\.(\d+)\.(\d+)\.([A-Za-z0-9-]+)$/.exec(name) ?? [];
  return start === undefined || host === undefined ? undefined : { pid: Number(pid), thread: Number(thread), start, host };
}

const hostName = (): string => hostname().replace(/[^A-Za-z0-9-]/g, '-') || 'host';

function isAlive({ pid, start, host }: Run, path: string, disk: Disk): boolean {
  if (host !== hostName()) {
    const stat = statOf(disk, path);
    return stat !== undefined && Date.now() - stat.mtimeMs < foreignClaimMilliseconds;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    if (isDiskError(error) && error.code !== 'EPERM') return false;
  }
  const found = processStart(pid);
  return found === undefined || start === '0' || found === start;
}

/** When a process started, in ticks since boot; `-` for one that is dead and not yet reaped; undefined where the system does not tell. */
function processStart(pid: number): string | undefined {
  try {
    // The name of the program stands in parentheses and may hold anything. State and start are fields 3 and 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? '-' : fields[19];
  } catch {
    return undefined;
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
