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
  readonly taskRun: { readonly metadata: { readonly name?: string }; readonly spec: object } | null;
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

/** Names of the runs that were there when a request came: a second one of a name is not made. */
const namesBefore = (index: number): readonly string[] => cases.slice(0, index).flatMap(({ taskRun }) => taskRun?.metadata.name ?? []);

it.each(cases.map((each, index) => [each.name, each, index] as const))('%s', (_, each, index) => {
  const { listener, path = '/risk/api/v1/batch/job', headers, body, status, taskRun } = each;
  const sent = { path, headers, body: new TextEncoder().encode(body) };
  const delivery = deliver(objects, { namespace: 'risk', name: listener }, sent, { secrets });
  expect(delivery.status).toBe(status);
  const existing = namesBefore(index);
  const created = delivery.outcomes
    .flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []))
    .filter(({ metadata }) => !existing.includes(metadata.name));
  expect(created.map(shown)).toEqual(taskRun ? [{ ...taskRun, metadata: { ...taskRun.metadata, namespace: 'risk' } }] : []);
});

/** Annotations were not recorded: Tekton adds to them. */
const shown = ({ metadata, spec }: Manifest): object => ({ metadata: { ...metadata, annotations: undefined }, spec });

it('are 68, and 16 of them start a run', () => {
  expect(cases).toHaveLength(68);
  expect(cases.filter(({ taskRun }) => taskRun)).toHaveLength(16);
});
