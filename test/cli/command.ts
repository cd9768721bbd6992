import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { removeTree } from '../../src/engine/run/remove-tree.js';

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another copy of the package. */
  readonly package?: string;
  /** What stands on standard input; without it, nothing. */
  readonly input?: string;
}

/** Runs the built command as a user would, and gives all that it said. */
export function millrace(args: readonly string[], surroundings: Surroundings = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(surroundings.package ?? packageRoot, 'bin/millrace.mjs'), ...args], {
    cwd: surroundings.cwd ?? packageRoot,
    env: { PATH: process.env['PATH'] ?? '', ...surroundings.env },
    encoding: 'utf8',
    input: surroundings.input ?? '',
    timeout: 30_000,
  });
  return { code: status, stdout, stderr };
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-cli-')));
  onTestFinished(() => {
    removeTree(folder);
  });
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Path -> text of every file below a folder, sorted. */
export function readFiles(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}
