/** What an archive may hold, so that one that was made to fill disks and memory ends in a plain failure. */
export interface ArchiveLimits {
  readonly entries: number;
  /** All files together, unpacked. */
  readonly bytes: number;
  /** Unpacked against packed; a model of plain numbers reaches 10, a bomb 1,000. */
  readonly ratio: number;
  /** Below this many unpacked bytes the ratio does not count. */
  readonly ratioFrom: number;
  /** Bytes of a path, and parts of it. */
  readonly pathBytes: number;
  readonly depth: number;
}

const MiB = 1 << 20;

export const archiveLimits: ArchiveLimits = {
  entries: 10_000,
  bytes: 256 * 1024 * MiB,
  ratio: 200,
  ratioFrom: 64 * MiB,
  pathBytes: 1024,
  depth: 32,
};
