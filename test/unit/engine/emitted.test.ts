/** Listeners that millrace emitted, asked the recorded requests, create here what they created on a real cluster: the whole TaskRun. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { deliver } from '../../../src/engine/triggers/listener.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

interface Case {
  readonly name: string;
  readonly listener: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly taskRun: { readonly metadata: object; readonly spec: object } | null;
}
const { objects, cases } = JSON.parse(readFileSync(new URL('../../recordings/emitted.json', import.meta.url), 'utf8')) as {
  readonly objects: readonly Manifest[];
  readonly cases: readonly Case[];
};

const keys: Readonly<Record<string, string>> = {
  'webhook-airflow': 'hmac-key',
  'webhook-ci': 'tok-ci',
  'webhook-aws': 'tok-aws',
  'webhook-minio': 'tok-minio',
};
const secrets = (name: string, key: string): Uint8Array | undefined =>
  key === 'token' && keys[name] !== undefined ? new TextEncoder().encode(keys[name]) : undefined;

const existing = new Set<string>();
it.each(cases.map((each) => [each.name, each] as const))('%s', (_, { listener, path = '/risk/api/v1/batch/job', headers, body, status, taskRun }) => {
  const sent = { path, headers, body: new TextEncoder().encode(body) };
  const delivery = deliver(objects, { namespace: 'risk', name: listener }, sent, { secrets });
  expect(delivery.status).toBe(status);
  const created = delivery.outcomes
    .flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []))
    .filter(({ metadata }) => !existing.has(metadata.name));
  for (const { metadata } of created) if (metadata.name) existing.add(metadata.name);
  expect(created.map(shown)).toEqual(taskRun ? [{ ...taskRun, metadata: { ...taskRun.metadata, namespace: 'risk' } }] : []);
});

/** Annotations were not recorded: Tekton adds to them. */
const shown = ({ metadata, spec }: Manifest): object => ({ metadata: { ...metadata, annotations: undefined }, spec });

it('are 68, and 16 of them start a run', () => {
  expect(cases).toHaveLength(68);
  expect(cases.filter(({ taskRun }) => taskRun)).toHaveLength(16);
});
