/** A key that changes while a job runs, at a real store: what docs/security.md says of it. rclone must be on PATH. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { StepConnection } from '../../src/contract/step-connection.js';
import { freePort } from '../support/free-port.js';
import { configured, expectCopied, expectRefused, syncData, syncOutput } from './support/one-store.js';
import { eventually, startProgram, type BackgroundProgram } from './support/programs.js';
import { put } from './support/stores.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-rotation-'));
let store: BackgroundProgram | undefined;
afterEach(() => {
  store?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const keys = (name: string) => ({ access_key_id: `${name}-id`, secret_access_key: `${name}-canary-7c2e` });

it('is not noticed by the job that runs until the store takes the old one away, and is the next job’s from its start', async () => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${String(port)}`;
  put(root, 'bucket/fraud/in/a.json', '{}');
  const accept = async (...names: readonly string[]): Promise<void> => {
    store?.stop();
    await store?.gone;
    const pairs = names.map(keys).flatMap(({ access_key_id: id, secret_access_key: key }) => ['--auth-key', `${id},${key}`]);
    store = startProgram(['rclone', 'serve', 's3', root, '--addr', `127.0.0.1:${String(port)}`, '--dir-cache-time', '10ms', ...pairs]);
    await eventually(store, 'rclone serve s3', () => fetch(endpoint));
  };
  const connection: StepConnection = {
    type: 's3',
    bucket: 'bucket',
    region: 'us-east-1',
    endpoint,
    pathStyle: true,
    credentials: { kind: 'secret', name: 'store', keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' } },
  };

  await accept('old');
  const running = await configured(connection, { secrets: keys('old') });
  await expectCopied(running, syncData(running));

  // The store knows both for a while; the kubelet puts the new one where configure-rclone has read the old one.
  await accept('old', 'new');
  for (const [key, value] of Object.entries(keys('new'))) {
    for (const name of ['raw', 'results']) running.write(`credentials/${name}/${key}`, value);
  }
  expect((await syncOutput(running)).code).toBe(0);
  const next = await configured(connection, { secrets: keys('new') });
  await expectCopied(next, syncData(next));

  // Taken away too early, the old one fails the next step of the job that has it, and of no other.
  await accept('new');
  const said = await expectRefused(syncOutput(running));
  expect(said).not.toContain('canary-7c2e');
  expect((await syncOutput(next)).code).toBe(0);
});
