/** The recorded listener, asked the recorded requests, creates here what it created on a real cluster: all of them. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callersOf, deliver, type Delivery } from '../../../src/engine/triggers/listener.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

interface Case {
  name: string;
  body: string;
  request?: { key?: string; path?: string; header?: boolean; method?: string; extra?: string[] };
  status: number;
  taskRun: { name: string | null; generateName: string; trigger: string; labels: Record<string, string>; params: Record<string, string> } | null;
  note?: string;
}
const recording = JSON.parse(readFileSync(new URL('../../recordings/webhook.json', import.meta.url), 'utf8')) as {
  objects: Manifest[];
  cases: Case[];
};
const { objects } = recording;
const keys: Readonly<Record<string, string>> = { webhook: 'hmac-key', 'webhook-ci': 'ci-key' };
/** What the recorded `$(uid)` became. */
const uid = '16cb3c84-0db9-4722-9ffb-d6c0cf02a74c';

/**
 * Triggers replaces params in the random order of a Go map, so what a value brings in is expanded if its param comes later.
 * Both orders here; a recorded run is one of the two.
 */
const reversed = objects.map((object) =>
  object.kind === 'TriggerTemplate' ? { ...object, spec: { ...(object['spec'] as object), params: [...templateParams(object)].reverse() } } : object,
);
function templateParams({ spec }: Manifest): readonly unknown[] {
  return (spec as { params: unknown[] }).params;
}
const dependsOnOrder = (each: Case): boolean => each.note?.startsWith('depends on map order') === true;

describe('the recorded requests', () => {
  const existing = new Set<string>();
  it.each(recording.cases.map((each) => [each.name, each] as const))('%s', (_, recorded) => {
    const delivery = send(recorded, objects);
    expect(delivery.status).toBe(recorded.status);
    const created = runsOf(delivery).filter(({ metadata }) => !existing.has(metadata.name));
    for (const { metadata } of created) if (metadata.name) existing.add(metadata.name);
    const wanted = recorded.taskRun ? [expected(recorded.taskRun)] : [];
    if (!dependsOnOrder(recorded)) return expect(created.map(summary)).toEqual(wanted);
    const forms = [created.map(summary), runsOf(send(recorded, reversed)).map(summary)];
    expect(forms[0]).not.toEqual(forms[1]);
    return expect(forms).toContainEqual(wanted);
  });

  it('are 59, and the order of a map shows in two', () => {
    expect(recording.cases).toHaveLength(59);
    expect(recording.cases.filter(dependsOnOrder)).toHaveLength(2);
  });
});

/** As the recorder did: signed with the key of caller airflow unless the case says otherwise. */
function send({ body, request }: Case, all: readonly Manifest[]): Delivery {
  const signature = createHmac('sha256', request?.key ?? 'hmac-key')
    .update(body)
    .digest('hex');
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    ...(request?.header === false ? {} : { 'X-Hub-Signature-256': `sha256=${signature}` }),
  };
  for (const line of request?.extra?.filter((word) => word !== '-H') ?? []) {
    const [name = '', value = ''] = line.split(': ');
    headers[name] = value;
  }
  const secrets = (name: string, key: string): Uint8Array | undefined => {
    const value = key === 'key' ? keys[name] : undefined;
    return value === undefined ? undefined : new TextEncoder().encode(value);
  };
  const sent = { path: request?.path ?? '/api/v1/batch/job', headers, body: new TextEncoder().encode(body) };
  return deliver(all, { namespace: 'risk', name: 'millrace' }, sent, { secrets, uid });
}

const runsOf = ({ outcomes }: Delivery): readonly Manifest[] =>
  outcomes.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []));

const summary = (taskRun: Manifest): unknown => ({
  name: taskRun.metadata.name,
  generateName: taskRun.metadata.generateName,
  labels: taskRun.metadata.labels,
  params: Object.fromEntries(taskRunParams(taskRun)),
});

/** Labels that the listener and Tekton add are no part of the template. */
const addedLabels = ['app.kubernetes.io/managed-by', 'triggers.tekton.dev/eventlistener', 'triggers.tekton.dev/trigger'];
const expected = ({ name, generateName, labels, params }: NonNullable<Case['taskRun']>): unknown => ({
  name: name ?? '',
  generateName,
  labels: Object.fromEntries(Object.entries(labels).filter(([label]) => !addedLabels.includes(label))),
  params,
});

it('has no Trigger for a service that nobody may call', () => {
  expect(callersOf(objects, 'risk', 'svc-002')).toBeUndefined();
  expect(callersOf(objects, 'growth', 'svc-000')).toBeUndefined();
});
