import { formatDuration } from '../base/duration.js';
import { files, mountPaths } from './paths.js';

export interface Transfers {
  readonly parallel: number;
  /** After the first attempt. */
  readonly retries: number;
  readonly connectTimeoutSeconds: number;
  /** Without a byte. */
  readonly idleTimeoutSeconds: number;
  /** rclone's own unit, for example `50M` (MiB a second). */
  readonly bandwidth?: string | undefined;
}

/** What holds where nobody says otherwise. */
export const usualTransfers = { parallel: 8, retries: 2, connectTimeoutSeconds: 15, idleTimeoutSeconds: 120 } as const satisfies Transfers;

/**
 * Flags of every call of rclone, which the constant programs bring. Flags that follow or translate links are never among them, nor
 * is a log level that prints keys.
 */
export const constantFlags: readonly string[] = [
  // INFO; one more would print keys.
  '-v',
  '--use-json-log',
  // One line of JSON each time: bytes, speed and the time left, of all files and of each that is under way.
  '--stats=10s',
  '--stats-one-line',
  '--retries-sleep=5s',
  '--low-level-retries=5',
  // Names that differ only in their Unicode form are two files.
  '--no-unicode-normalization',
  // Half of the step's memory: 64 transfers of large files would take all of it. They wait for each other instead.
  '--max-buffer-memory=1Gi',
];

/** What rclone does anyway. Every step of rclone has the flags, and a Task has 16 KiB for everything. */
const ofRclone: ReadonlySet<string> = new Set(['--retries=3', '--checkers=8']);

/**
 * The environment of the rclone steps: where rclone.conf is, and the flags that a service chooses as one value, so that the
 * constant programs hold none of them. No flag holds a blank.
 */
export function rcloneEnv(given: Partial<Transfers>): Readonly<Record<string, string>> {
  const { parallel, retries, connectTimeoutSeconds, idleTimeoutSeconds, bandwidth }: Transfers = { ...usualTransfers, ...given };
  return {
    RCLONE_CONFIG: `${mountPaths.rclone}/${files.rcloneConf}`,
    MILLRACE_RCLONE_FLAGS: [
      // With rclone's defaults a refused connection is retried for more than six minutes.
      `--contimeout=${formatDuration(connectTimeoutSeconds)}`,
      `--timeout=${formatDuration(idleTimeoutSeconds)}`,
      // rclone counts the first attempt.
      `--retries=${String(retries + 1)}`,
      `--transfers=${String(parallel)}`,
      `--checkers=${String(Math.max(8, parallel))}`,
      ...(bandwidth === undefined ? [] : [`--bwlimit=${bandwidth}`]),
    ]
      .filter((flag) => !ofRclone.has(flag))
      .join(' '),
  };
}
