import { dirname, join, resolve } from 'node:path';
import { type CliIo, UsageError } from './command.js';
import { stat } from './stat.js';

/** What marks the root of a repository of definitions. */
const marker = join('services', 'platform.yaml');

/**
 * The folder that holds `services/`, absolute: `--root`, or the nearest one upwards with a platform file.
 * A given root is taken as it is; what is missing in it is for the compiler to say.
 */
export function findRoot(io: CliIo, given: string | undefined): string {
  if (given !== undefined) {
    const root = resolve(io.cwd, given);
    if (!stat(root)?.isDirectory()) throw new UsageError(`--root ${given}: there is no such folder`);
    return root;
  }
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    if (stat(join(folder, marker))) return folder;
    if (folder === dirname(folder)) break;
  }
  const misnamed = stat(join(io.cwd, 'services', 'platform.yml'));
  throw new UsageError(
    'no services/platform.yaml in this folder or above it',
    misnamed
      ? 'rename services/platform.yml to services/platform.yaml'
      : 'name the repository with --root DIR, or make one with npx millrace init DIR',
  );
}
