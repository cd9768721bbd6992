/** The recorded listener, asked the recorded requests, creates here what it created on a real cluster. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callersOf, sendRequest, type TriggerOutcome } from '../../../src/engine/triggers/listener.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

interface Case {
  name: string;
  body: string;
  request?: { key?: string; path?: string; header?: boolean };
  status: number;
  taskRun: { name: string | null; generateName: string; trigger: string; labels: Record<string, string>; params: Record<string, string> } | null;
  note?: string;
}
const recording = JSON.parse(readFileSync(new URL('../../recordings/webhook.json', import.meta.url), 'utf8')) as {
  objects: Manifest[];
  cases: Case[];
};
const { objects } = recording;

/** Signatures are not checked here; an expanded `$(uid)` is random; the nested variable depends on the order of a Go map. */
const outside = ['no signature', 'wrong key', 'path with uid', 'path with $$('];

describe('the recorded requests', () => {
  const existing = new Set<string>();
  for (const recorded of recording.cases.filter(({ name }) => !outside.includes(name))) {
    it(recorded.name, () => {
      const outcomes = ['svc-000', 'svc-001'].flatMap((trigger) => send(trigger, recorded));
      const created = outcomes
        .flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []))
        .filter(({ metadata }) => !existing.has(metadata.name));
      for (const { metadata } of created) if (metadata.name) existing.add(metadata.name);
      expect(created.map(summary)).toEqual(recorded.taskRun ? [expected(recorded.taskRun)] : []);
      const badRequest = outcomes.some((outcome) => outcome.kind === 'refused' && outcome.refusal.by === 'body');
      expect(badRequest ? 400 : 202).toBe(recorded.status);
    });
  }
});

function send(trigger: string, { body, request }: Case): readonly TriggerOutcome[] {
  const caller = request?.key === 'ci-key' ? 'ci' : 'airflow';
  // A group sees the Triggers that its caller may start, and no others.
  if (!callersOf(objects, 'risk', trigger)?.includes(caller)) return [];
  const path = request?.path ?? '/api/v1/batch/job';
  return [sendRequest(objects, { namespace: 'risk', trigger, caller }, { path, headers: {}, body: new TextEncoder().encode(body) })];
}

const summary = (taskRun: Manifest): unknown => ({
  name: taskRun.metadata.name,
  labels: taskRun.metadata.labels,
  params: Object.fromEntries(taskRunParams(taskRun)),
});

/** Labels that the listener and Tekton add are no part of the template. */
const addedLabels = ['app.kubernetes.io/managed-by', 'triggers.tekton.dev/eventlistener', 'triggers.tekton.dev/trigger'];
const expected = ({ name, labels, params }: NonNullable<Case['taskRun']>): unknown => ({
  name: name ?? '',
  labels: Object.fromEntries(Object.entries(labels).filter(([label]) => !addedLabels.includes(label))),
  params,
});

it('has no Trigger for a service that nobody may call', () => {
  expect(callersOf(objects, 'risk', 'svc-002')).toBeUndefined();
  expect(callersOf(objects, 'growth', 'svc-000')).toBeUndefined();
});
