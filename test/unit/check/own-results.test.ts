import { describe, expect, it } from 'vitest';
import { checkOwnResults } from '../../../src/check/own-results.js';
import type { InferenceServiceSpec } from '../../../src/input/generated/types.js';
import { resolveService } from '../../../src/resolve/service.js';
import { connection, context, service } from '../../support/definitions.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

const connections = [
  connection('store', {}, 'risk'),
  connection('same', { bucket: 'store-bucket', region: 'us-east-1' }, 'risk'),
  connection('elsewhere', { bucket: 'store-bucket', endpoint: 'https://minio.example.com' }, 'risk'),
];
const count = (spec: Partial<InferenceServiceSpec>): number => checkOwnResults(resolveService(service(spec), context({ connections }))[0]).length;
const inAndOut = (from: string, path: string, include?: readonly string[]): Partial<InferenceServiceSpec> => ({
  dataSource: { connection: 'store', path: from, ...(include && { include }) },
  outputDestination: { connection: 'store', path },
});

describe('results in the folder that a service reads', () => {
  it.each([
    ['in/', 'in/', 1],
    ['in/', 'in/out/', 1],
    ['in/', 'in/{jobId}/', 1],
    ['in/', 'in-2/', 0],
    ['in/', '{jobId}/in/', 0],
    ['all/in/', 'all/', 0],
    ['in/a.json', 'in/', 0],
  ])('%s and %s', (from, to, expected) => {
    expect(count(inAndOut(from, to))).toBe(expected);
  });

  it.each([
    [['*.json'], 1],
    [['*'], 1],
    [['**'], 1],
    [['/**'], 1],
    [['/*.json'], 0],
    [['/out/*.json'], 1],
    [['out/*.json'], 1],
    [['ut/*.json'], 0],
    [['/*/*.json'], 1],
    [['/**.json'], 1],
    [['_M*T.json'], 1],
    [['_MANIFEST'], 0],
    [['*.jsonl', '*.request.json'], 0],
    [['*.jsonl', '*.json'], 1],
    [['*.{json,jsonl}'], 0],
  ])('by the patterns %j', (include, expected) => {
    expect(count(inAndOut('in/', 'in/out/', include))).toBe(expected);
  });

  it('in a store of another name', () => {
    const to = (name: string): number => count({ outputDestination: { connection: name, path: 'in/' } });
    expect(['store', 'same', 'elsewhere'].map(to)).toEqual([1, 1, 0]);
  });

  it('that are a model', () => {
    const model = (path: string): number =>
      count({ modelSource: { connection: 'store', path, name: 'm', version: '1' }, outputDestination: { connection: 'store', path: 'm/out/' } });
    expect(['m/', 'm/model.zip', 'n/'].map(model)).toEqual([1, 0, 0]);
  });

  it('in the time that a pattern and a path of their greatest length take', () => {
    const path = `in/${'a'.repeat(500)}/`;
    const include = [`${'*a'.repeat(127)}b`, `${'**a'.repeat(85)}b`];
    let found = -1;
    expect(cpuMilliseconds(() => (found = count(inAndOut('in/', path, include))))).toBeLessThan(5000);
    expect(found).toBe(0);
  });
});
