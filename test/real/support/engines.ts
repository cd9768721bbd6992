/** Container engines of this machine, and an image for the steps of a job, made of programs that are here: no registry is asked. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type ContainerEngine, findEngine } from '../../../src/engine/run/containers/engine.js';
import { findProgram } from '../../../src/engine/run/programs.js';
import { execute, succeed } from './programs.js';

/** nerdctl cannot make an image of a folder, so what it is called with is held by the unit tests only. */
const kinds = ['docker', 'podman'] as const;

/** Those that answer; there must be one. */
export async function findEngines(): Promise<readonly ContainerEngine[]> {
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const signal = new AbortController().signal;
  const found = await Promise.all(kinds.map(async (wanted) => findEngine({ wanted, searchPath: process.env['PATH'] ?? '', env, signal })));
  const engines = found.flatMap(([engine]) => (engine ? [engine] : []));
  if (engines.length === 0) throw new Error(`docker or podman is needed: ${found.map(([, problems]) => problems[0]?.message ?? '').join('; ')}`);
  return engines;
}

/** Programs of the rclone image's shell that the steps use, and those that the tests look around with. */
const programs = ['sh', 'cat', 'cp', 'grep', 'ls', 'mkdir', 'mv', 'rm', 'sed', 'sleep', 'sort', 'node', 'rclone'];

/** An image with these programs and some files of its own; the result removes it. */
export async function makeImage(engine: ContainerEngine, image: string, files: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-image-'));
  try {
    const root = join(folder, 'root');
    for (const name of programs) await addProgram(root, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    await succeed(['tar', '-C', root, '-cf', join(folder, 'root.tar'), '.']);
    await succeed([engine.program, 'import', join(folder, 'root.tar'), image]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return async () => {
    await execute([engine.program, 'rmi', '--force', image]);
  };
}

/** With the libraries that it is linked to, where they are here. */
async function addProgram(root: string, name: string): Promise<void> {
  const program = name === 'node' ? process.execPath : findProgram(name, process.env['PATH'] ?? '');
  if (program === undefined) throw new Error(`${name} is not on PATH`);
  copy(program, join(root, 'usr/bin', basename(name)));
  // A static program has none, and ldd says so with an exit code.
  const { stdout } = await execute(['ldd', program]);
  for (const [library] of stdout.matchAll(/\/\S+(?= \(0x)/g)) copy(library, join(root, library));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
