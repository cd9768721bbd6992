import { files, mountPaths } from './paths.js';

export interface Transfers {
  readonly parallel: number;
  /** rclone's own unit, for example `50M` (MiB a second). */
  readonly bandwidth?: string | undefined;
}

/**
 * The environment of the rclone steps: rclone's general flags, so that the constant programs hold none of them.
 * Flags that follow or translate links are never among them, nor is a log level that prints keys.
 */
export const rcloneEnv = (transfers: Transfers): Readonly<Record<string, string>> => ({
  RCLONE_CONFIG: `${mountPaths.rclone}/${files.rcloneConf}`,
  RCLONE_LOG_LEVEL: 'INFO',
  RCLONE_USE_JSON_LOG: 'true',
  RCLONE_STATS: '30s',
  RCLONE_STATS_ONE_LINE: 'true',
  // With rclone's defaults a refused connection is retried for more than six minutes.
  RCLONE_CONTIMEOUT: '15s',
  RCLONE_TIMEOUT: '2m',
  RCLONE_RETRIES: '3',
  RCLONE_RETRIES_SLEEP: '5s',
  RCLONE_LOW_LEVEL_RETRIES: '5',
  RCLONE_TRANSFERS: String(transfers.parallel),
  RCLONE_CHECKERS: String(Math.max(8, transfers.parallel)),
  // Names that differ only in their Unicode form are two files.
  RCLONE_NO_UNICODE_NORMALIZATION: 'true',
  ...(transfers.bandwidth === undefined ? {} : { RCLONE_BWLIMIT: transfers.bandwidth }),
});
