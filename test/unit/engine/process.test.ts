import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcess, type ProcessEnd } from '../../../src/engine/run/process.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-process-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly end: ProcessEnd;
  readonly lines: readonly string[];
}
async function node(
  program: string,
  more: { timeoutSeconds?: number; signal?: AbortSignal; env?: Record<string, string>; file?: string } = {},
): Promise<Ran> {
  const lines: string[] = [];
  const end = await runProcess({
    file: more.file ?? process.execPath,
    args: ['-e', program],
    env: more.env ?? {},
    cwd: folder,
    timeoutSeconds: more.timeoutSeconds,
    signal: more.signal ?? new AbortController().signal,
    onLine: (line) => lines.push(line),
  });
  return { end, lines };
}

async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
  for (const limit = Date.now() + milliseconds; Date.now() < limit; await sleep(20)) {
    try {
      process.kill(pid, 0);
      // A process that has ended and was not waited for yet still takes signals.
      if (existsSync(`/proc/${String(pid)}/stat`) && readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ')) return true;
    } catch {
      return true;
    }
  }
  return false;
}

it('gives the exit code and whole lines, however they are written', async () => {
  const { end, lines } = await node(
    `process.stdout.write('a'); setTimeout(() => { process.stdout.write('b\\r\\n\\u00e9'); process.exitCode = 7; }, 50)`,
  );
  expect(end).toEqual({ kind: 'exited', code: 7, signal: undefined });
  expect(lines).toEqual(['ab', '\u00e9']);
});

it('shows a line without an end in pieces', async () => {
  const { lines } = await node(`process.stdout.write('x'.repeat(200_000))`);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('')).toHaveLength(200_000);
});

it('counts a signal as -1, as Tekton does', async () => {
  const { end } = await node(`process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 10_000)`);
  expect(end).toEqual({ kind: 'exited', code: -1, signal: 'SIGSEGV' });
});

it('hands over nothing of this environment', async () => {
  process.env['MILLRACE_TEST_SECRET'] = 'no';
  const { lines } = await node(`console.log(JSON.stringify(process.env), process.cwd().endsWith(${JSON.stringify(folder.slice(-6))}))`, {
    env: { A: '1' },
  });
  delete process.env['MILLRACE_TEST_SECRET'];
  expect(lines).toEqual(['{"A":"1"} true']);
});

it('says why a program could not be started', async () => {
  const { end } = await node('', { file: join(folder, 'nothing') });
  expect(end.kind).toBe('not-started');
});

/** Starts a child that would live on, and prints its number. */
const withChild = (then: string): string =>
  `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'inherit' });
console.log(child.pid); ${then}`;

describe('the whole process group ends', () => {
  it('at the timeout', async () => {
    const { end, lines } = await node(withChild(''), { timeoutSeconds: 0.5 });
    expect(end).toEqual({ kind: 'timed-out' });
    expect(await goneWithin(Number(lines[0]), 20_000)).toBe(true);
  });

  it('when the run is stopped', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 500);
    const { end, lines } = await node(withChild(''), { signal: abort.signal });
    expect(end).toEqual({ kind: 'aborted' });
    expect(await goneWithin(Number(lines[0]), 20_000)).toBe(true);
  });

  it('with its program, whose exit code stands', async () => {
    const { end, lines } = await node(withChild('process.exit(3)'));
    expect(end).toEqual({ kind: 'exited', code: 3, signal: undefined });
    expect(await goneWithin(Number(lines[0]), 20_000)).toBe(true);
  });
});

it('does not wait for a process that has left the group and holds the output', async () => {
  const escape = `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 50_000)'], { stdio: 'inherit', detached: true });
console.log(child.pid); child.unref();`;
  const started = Date.now();
  const { end, lines } = await node(escape);
  expect(end).toEqual({ kind: 'exited', code: 0, signal: undefined });
  expect(Date.now() - started).toBeLessThan(40_000);
  process.kill(Number(lines[0]), 'SIGKILL');
});

it('starts nothing once the run is stopped', async () => {
  expect((await node('', { signal: AbortSignal.abort() })).end).toEqual({ kind: 'aborted' });
});
