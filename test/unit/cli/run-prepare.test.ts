/** What `run` starts a job with, found out before anything of it starts. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepare } from '../../../src/cli/run-prepare.js';
import { readSettings } from '../../../src/cli/run-settings.js';
import { temporaryFolder } from '../../cli/command.js';
import { definitions, service } from '../../cli/definitions.js';
import { compileFiles, textOf } from '../../support/compile-files.js';

/** The limits of the predictor in a run that a request with this spec starts; without one, the service's own. */
async function limitsOf(spec: object | undefined): Promise<Readonly<Record<string, string>>> {
  const root = temporaryFolder();
  const bounds = 'triggers: {webhook: {overrides: {resources: {cpu: "4", memory: 2Gi}}}}';
  const compiled = compileFiles({ ...definitions, [service]: `${String(definitions[service]).trimEnd()}\n  ${bounds}\n` });
  expect(textOf(compiled)).toBe('');
  const bin = join(root, 'bin');
  for (const folder of ['bin', 'store']) mkdirSync(join(root, folder));
  for (const name of ['rclone', 'python3', 'sh']) {
    writeFileSync(join(bin, name), '#!/bin/sh\necho "rclone v1.75.2"\n');
    chmodSync(join(bin, name), 0o755);
  }
  const file = join(root, 'job.json');
  writeFileSync(file, JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'scorer', ...spec } }));
  const io = { stdout: () => undefined, stderr: () => undefined, cwd: root, env: { PATH: bin }, color: false };
  const settings = readSettings(['demo/scorer', '--store', 'store', '--exec', '--root', root, ...(spec ? ['--request', file] : [])], io);
  const [start, problems] = await prepare(compiled, settings, io, new AbortController().signal);
  if (!start) throw new Error(problems.map(({ code }) => code).join());
  start.work.release(false);
  return Object.fromEntries(start.task.steps.find(({ name }) => name === 'user-container')?.container.limits ?? []);
}

it('the limits of a job are those that its request asks for', async () => {
  const own = await limitsOf(undefined);
  expect(own['memory']).toBe('512Mi');
  expect(await limitsOf({})).toEqual(own);
  expect(await limitsOf({ resources: { limits: { cpu: '3', memory: '2Gi' } } })).toEqual({ ...own, cpu: '3', memory: '2Gi' });
});
