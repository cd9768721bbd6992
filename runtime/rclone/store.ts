import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { stepEnv } from '../../src/contract/paths.js';
import { failure } from '../base/failure.js';
import { isMissing } from '../base/files.js';
import { configValueProblem } from './config-file.js';

/** The folder that stands for all stores on a developer's machine: each connection is a folder in it. */
export interface Store {
  readonly folderOf: (connection: string) => string;
  /**
   * Makes a place usable. A folder that is not there is an error for rclone here, and nothing found in a store: so the
   * output's is made, and for another one an empty folder is returned that stands in for it.
   */
  readonly prepare: (remote: 'data' | 'model' | 'output', connection: string, folder: string) => Promise<string | undefined>;
}

/**
 * @param root undefined on a cluster: there is no such store
 * @param scratch where an empty folder may be made
 */
export async function openStore(root: string | undefined, scratch: string): Promise<Store | undefined> {
  if (root === undefined || root === '') return undefined;
  if (!isAbsolute(root)) throw failure('runtime/bad-environment', { variable: stepEnv.store, problem: 'is not an absolute path' });
  const problem = configValueProblem(root);
  if (problem !== undefined) throw failure('runtime/bad-environment', { variable: stepEnv.store, problem });
  const nothing = join(scratch, 'nothing');
  await mkdir(nothing, { recursive: true });
  const folderOf = (connection: string): string => join(root, connection);
  return {
    folderOf,
    prepare: async (remote, connection, folder) => {
      const path = join(folderOf(connection), folder);
      if (remote === 'output') {
        await mkdir(path, { recursive: true });
        return undefined;
      }
      if (!(await isDirectory(folderOf(connection)))) throw failure('runtime/missing-store-folder', { connection, folder: folderOf(connection) });
      return (await isDirectory(path)) ? undefined : nothing;
    },
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) return false;
    throw error;
  }
}
