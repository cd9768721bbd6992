import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogLine } from '../../../src/engine/run/log-line.js';
import { checkMachine, checkPaths, type ContainerScope } from '../../../src/engine/run/machine.js';
import { findProgram } from '../../../src/engine/run/programs.js';
import { readTask } from '../../../src/engine/run/task.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { serviceModel } from '../../support/models.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-programs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, text = 'exit 0'): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

interface Changes {
  readonly store?: string;
  readonly command?: readonly string[];
  readonly imageFolders?: readonly { container: string; host: string }[];
  readonly containers?: ContainerScope;
}
async function check({ store = folder, command = ['python3'], imageFolders = [], containers = 'none' }: Changes = {}): Promise<readonly string[]> {
  const task = readTask(renderTask({ ...serviceModel, command }, 'runtime'));
  const found = await checkMachine(task, { store, containers, imageFolders, searchPath: folder }, 'STORE', new AbortController().signal);
  return found.map(({ code, message }) => `${code}: ${message}`);
}

describe('what a run needs of this machine', () => {
  beforeEach(() => {
    for (const name of ['sh', 'python3']) program(name);
    program('rclone', 'echo "rclone v1.75.2"');
  });

  it('is there', async () => {
    expect(await check()).toEqual([]);
  });

  it('run/rclone-missing', async () => {
    rmSync(join(folder, 'rclone'));
    expect(await check()).toEqual(['run/rclone-missing: rclone is not on PATH']);
  });

  it.each([
    ['rclone v1.60.1-DEV', '1.60.1-DEV'],
    ['rclone v1.74.9', '1.74.9'],
    ['something else', 'of an unknown version'],
  ])('run/rclone-too-old: %s', async (line, version) => {
    program('rclone', `echo "${line}"`);
    expect(await check()).toEqual([`run/rclone-too-old: ${join(folder, 'rclone')} is rclone ${version}, and jobs need 1.75 or later`]);
  });

  it('a newer rclone is new enough', async () => {
    program('rclone', 'echo "rclone v2.0.0"');
    expect(await check()).toEqual([]);
  });

  it('run/store-missing, run/exec-map-missing and run/command-missing, all at once', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(
      await check({
        store: join(folder, 'file'),
        command: ['/opt/app/embed'],
        imageFolders: [{ container: '/opt/app', host: join(folder, 'none') }],
      }),
    ).toEqual([
      'run/store-missing: the store STORE is no folder',
      `run/exec-map-missing: ${join(folder, 'none')}, which shall stand for /opt/app, is no folder`,
      'run/command-missing: the program "/opt/app/embed" of step user-container was not found on this machine',
    ]);
  });

  it('finds a program of the image where its folder is mapped', async () => {
    mkdirSync(join(folder, 'app'));
    program('app/embed');
    expect(await check({ command: ['/opt/app/embed'], imageFolders: [{ container: '/opt/app', host: join(folder, 'app') }] })).toEqual([]);
  });
});

it('run/path-not-mapped tells which paths of the image nothing stands for', () => {
  const task = readTask(renderTask({ ...serviceModel, env: { CONFIG: '/opt/app/config.json', MODE: 'fast', HERE: '/bin' } }, 'runtime'));
  const paths = (imageFolders: readonly { container: string; host: string }[]): readonly string[] =>
    checkPaths(task, { store: '', containers: 'none', imageFolders, searchPath: '' }).map(({ code, message }) => `${code}: ${message}`);
  expect(paths([])).toEqual([
    'run/path-not-mapped: the predictor is given /opt/app/predictor.py, /opt/app/config.json, and there is no such path on this machine',
  ]);
  expect(paths([{ container: '/opt/app', host: folder }])).toEqual([]);
});

it('a program is looked for in absolute folders only, and must be executable', () => {
  writeFileSync(join(folder, 'text'), '');
  mkdirSync(join(folder, 'sub'));
  program('tool');
  expect(findProgram('tool', `:.:${folder}`)).toBe(join(folder, 'tool'));
  expect(findProgram('text', folder)).toBeUndefined();
  expect(findProgram('sub', folder)).toBeUndefined();
  expect(findProgram('./tool', folder)).toBeUndefined();
  expect(findProgram(join(folder, 'tool'), '')).toBe(join(folder, 'tool'));
});

describe('what is shown of a line that a step of ours logs', () => {
  it.each([
    ['{"time":"2026-11-22T21:32:57Z","level":"info","step":"sync-data","message":"hello","files":3}', { kind: 'message', text: 'hello (files 3)' }],
    [
      '{"time":"x","level":"error","step":"a","message":"It broke.","reason":"runtime/io-error","code":4}',
      { kind: 'message', text: 'It broke.', reason: 'runtime/io-error' },
    ],
    ['{"level":"info","msg":"Copied (new)","size":3,"object":"x.json","source":"operations/copy.go:382"}', { kind: 'copied', bytes: 3 }],
    ['{"level":"info","msg":"There was nothing to transfer","source":"sync/sync.go:1033"}', { kind: 'nothing' }],
    ['{"level":"info","msg":"  6 B / 6 B, 100%\\n","stats":{"bytes":6},"source":"accounting/stats.go:549"}', { kind: 'nothing' }],
    [
      '{"level":"info","msg":"  1 GiB / 2 GiB, 50%\\n","stats":{"elapsedTime":30.1},"source":"x.go:1"}',
      { kind: 'progress', text: '1 GiB / 2 GiB, 50%' },
    ],
    ['{"level":"error","msg":"directory not found","object":"x","source":"march/march.go:568"}', { kind: 'message', text: 'x: directory not found' }],
    ['Nothing was found at the data source.', { kind: 'message', text: 'Nothing was found at the data source.' }],
    ['help: millrace explain runtime/no-input', { kind: 'nothing' }],
    ['{"a":1}', { kind: 'message', text: '{"a":1}' }],
    ['{broken', { kind: 'message', text: '{broken' }],
    ['  ', { kind: 'nothing' }],
  ])('%s', (line, expected) => {
    expect(readLogLine(line)).toEqual(expected);
  });
});
