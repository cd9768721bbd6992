/** What the rclone steps tell of a transfer that takes long, with the real rclone, which must be on PATH. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mountPaths, stepEnv } from '../../src/contract/paths.js';
import { programs } from '../../src/contract/programs.js';
import { rcloneEnv } from '../../src/contract/rclone-env.js';
import { readLogLine } from '../../src/engine/run/log-line.js';
import { put } from './support/stores.js';
import { execute } from './support/programs.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-progress-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

it('is one JSON record every ten seconds, and a line for people in run', async () => {
  const mebibyte = 1024 * 1024;
  const sizes = { 'a.bin': 6 * mebibyte, 'b.bin': 7 * mebibyte };
  for (const [name, size] of Object.entries(sizes)) put(root, `model/${name}`, randomBytes(size));
  // Tokens for the first second are there at once: this takes about twelve.
  const flags = rcloneEnv({ parallel: 2, bandwidth: '1M' });
  put(root, 'rclone.conf', `[model]\ntype = alias\nremote = ${root}/model\n`);
  const env = { ...flags, RCLONE_CONFIG: flags['RCLONE_CONFIG']?.replace(mountPaths.rclone, root), PATH: process.env['PATH'], HOME: root };
  const { code, stdout, stderr } = await execute(['sh', '-ec', programs.syncModelDirectory], {
    env: { ...env, [stepEnv.rclone]: root, [stepEnv.model]: join(root, 'copy') },
  });
  expect(code, stderr).toBe(0);

  const lines = `${stdout}${stderr}`.trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { readonly level: string; readonly time: string; readonly stats?: object });
  for (const record of records) expect(record).toMatchObject({ level: 'info', time: expect.stringMatching(/^\d{4}-/) as unknown });
  const [underWay] = records.filter(({ stats }) => stats !== undefined);
  const total = sizes['a.bin'] + sizes['b.bin'];
  expect(underWay).toMatchObject({
    stats: {
      bytes: expect.any(Number) as unknown,
      totalBytes: total,
      speed: expect.any(Number) as unknown,
      eta: expect.any(Number) as unknown,
      transferring: expect.arrayContaining([expect.objectContaining({ name: 'b.bin', size: sizes['b.bin'] })]) as unknown,
    },
  });
  expect(records.at(-1)).toMatchObject({ stats: { bytes: total, totalBytes: total } });

  const shown = lines.map(readLogLine);
  expect(shown.filter(({ kind }) => kind === 'copied')).toHaveLength(2);
  expect(shown).toContainEqual({ kind: 'progress', text: expect.stringMatching(/^[\d.]+ MiB \/ 13 MiB, \d+%, .+ MiB\/s, ETA \d+s$/) as unknown });
});
