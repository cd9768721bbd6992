/** A run that is told to end while a program of its steps is at work. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { packageRoot, temporaryFolder } from './command.js';

/** An rclone that writes its number and never ends at one of its commands. */
const rclone = (folder: string, hangsAt: string): string => `#!/bin/sh
case " $* " in *" ${hangsAt} "*) echo $$ > ${folder}/pid; exec sleep 600;; esac
echo "rclone v1.75.2"
`;

it.each([
  ['SIGINT', 130, 'version', false],
  ['SIGTERM', 143, 'version', false],
  ['SIGINT', 130, 'lsf', true],
  ['SIGTERM', 143, 'lsf', true],
  ['SIGHUP', 129, 'lsf', true],
] as const)('%s ends it at once with %d, also in rclone %s', async (signal, expected, hangsAt, hasStarted) => {
  const folder = temporaryFolder();
  for (const name of ['bin', 'store', 'store/raw', 'store/models', 'store/results']) mkdirSync(join(folder, name));
  for (const name of ['rclone', 'python3']) {
    writeFileSync(join(folder, 'bin', name), rclone(folder, hangsAt));
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const args = [
    'run',
    'risk/fraud-scorer',
    '--store',
    join(folder, 'store'),
    '--exec',
    '--exec-map',
    `/opt/app=${folder}`,
    '--work',
    join(folder, 'work'),
  ];
  const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), ...args], {
    cwd: packageRoot,
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const pidFile = join(folder, 'pid');
  while (!(existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n')) && child.exitCode === null) await sleep(20);
  const start = performance.now();
  child.kill(signal);
  expect(await ended, output).toBe(expected);
  // What runs takes ten minutes.
  expect(performance.now() - start).toBeLessThan(45_000);
  expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  // A run that has not begun leaves nothing behind and has nothing to tell.
  expect(existsSync(join(folder, 'work'))).toBe(hasStarted);
  if (!hasStarted) expect(output).toBe('');
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended keeps its number until its parent asks.
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
