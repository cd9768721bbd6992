/** Events of stores, against Triggers that are compiled from YAML: a job starts only if the plain predicate of test/oracle says so. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acceptedRun, refusals, simulate } from '../../src/engine/triggers/simulate.js';
import { taskRunParams } from '../../src/engine/triggers/template.js';
import { eventBridgeRun, minioRun } from '../oracle/arrival.js';
import { aws, compiled, eventBridge, minio, minioEvent, objects } from '../support/arrivals.js';
import { textOf } from '../support/compile-files.js';

const events = 10_000;

it('the definitions compile', () => {
  expect(textOf(compiled)).toBe('');
});

it.each([
  ['EventBridge', aws, eventBridge, eventBridgeRun],
  ['MinIO', minio, minioEvent, minioRun],
] as const)(
  'an event of %s starts a job only if the declaration says so, with the data of its folder',
  { timeout: 120_000 },
  (_, arrival, event, expected) => {
    let started = 0;
    fc.assert(
      fc.property(event, (sent) => {
        const text = JSON.stringify(sent);
        const request = {
          path: '/risk/api/v1/batch/job',
          headers: { 'X-Millrace-Token': 'assumed', Authorization: 'Bearer assumed' },
          body: new TextEncoder().encode(text),
        };
        const allowed = expected(arrival, JSON.parse(text));
        for (const answer of simulate(objects, { namespace: 'risk', service: 'scorer' }, request)) {
          const run = acceptedRun(answer);
          if (answer.caller !== arrival.caller || !allowed) {
            if (run) throw new Error(`accepted from ${answer.caller}, though it is not allowed`);
            for (const { sentence } of refusals(answer)) expect(sentence).not.toMatch(/[\u0000-\u001f]|^$/);
            continue;
          }
          if (!run) throw new Error(`refused, though it is allowed: ${refusals(answer)[0]?.sentence ?? ''}`);
          started += 1;
          expect({ name: run.metadata.name, params: Object.fromEntries(taskRunParams(run)) }).toEqual(allowed);
        }
      }),
      { numRuns: events },
    );
    expect(started).toBeGreaterThan(events / 50);
  },
);
