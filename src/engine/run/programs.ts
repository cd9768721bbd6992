/** Programs of this machine that stand in for those of the images. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { runProcess } from './process.js';

/** The oldest rclone that the programs of the steps are made for. */
const oldestRclone = [1, 75] as const;

/** Where a command is on this machine. A relative path would count from the image's working directory, which is not known here. */
export function findProgram(command: string, searchPath: string): string | undefined {
  if (command.includes('/')) return isAbsolute(command) && isExecutable(command) ? command : undefined;
  return searchPath
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether the rclone on PATH is there and new enough. */
export async function checkRclone(searchPath: string, folder: string, signal: AbortSignal): Promise<readonly Diagnostic[]> {
  const program = findProgram('rclone', searchPath);
  if (program === undefined) return [diagnose('run/rclone-missing', undefined, {})];
  const lines: string[] = [];
  await runProcess({
    file: program,
    args: ['version'],
    env: { PATH: searchPath, HOME: folder, LANG: 'C.UTF-8' },
    cwd: folder,
    timeoutSeconds: 30,
    signal,
    onLine: (line) => void lines.push(line),
  });
  if (signal.aborted) return [];
  const version = /^rclone v(\S+)/.exec(lines[0] ?? '')?.[1] ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > oldestRclone[0] || (major === oldestRclone[0] && minor >= oldestRclone[1]);
  return isNewEnough ? [] : [diagnose('run/rclone-too-old', undefined, { version, program })];
}
