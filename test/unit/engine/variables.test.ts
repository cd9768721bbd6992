import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/assert.js';
import { mapArgument, mapPath, mapValue } from '../../../src/engine/run/mappings.js';
import { parseGoDuration } from '../../../src/engine/run/go-duration.js';
import { expandEnv, fixedStages, pathStage, refuseLeftOver, replaceVariables, resultStage } from '../../../src/engine/run/variables.js';

const stages = (params: Record<string, string>) => [
  ...fixedStages({ params: new Map(Object.entries(params)), taskRun: 'fraud--r1', namespace: 'risk', task: 'fraud' }),
  pathStage('validate-input'),
  resultStage((step, result) => `${step}/${result}`),
];

describe("Tekton's variables", () => {
  it.each([
    ['$(params.dataPath)', 'in/'],
    ['a $(params["dataPath"]) $(params[\'dataPath\']) b', 'a in/ in/ b'],
    ['$(context.taskRun.name) $(context.taskRun.namespace) $(context.task.name)', 'fraud--r1 risk fraud'],
    ['$(step.results.run.path)', '/tekton/steps/step-validate-input/results/run'],
    ['$(steps.step-user-container.exitCode.path)', '/tekton/steps/step-user-container/exitCode'],
    ['$(steps.validate-input.results.run)', 'validate-input/run'],
    ['$(HOME) $$(params.dataPath) $x', '$(HOME) $in/ $x'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(replaceVariables(text, stages({ dataPath: 'in/' }))).toBe(expected);
  });

  it('are replaced stage by stage, so a value of a param may hold a later one', () => {
    expect(replaceVariables('$(params.a)', stages({ a: '$(context.taskRun.name) $(params.a)' }))).toBe('fraud--r1 $(params.a)');
  });

  it('that are not known are our bug, unless they may be variables of the environment', () => {
    for (const text of ['$(params.b)', '$(context.taskRun.uid)', '$(workspaces.x.path)', '$(results.x.path)', '$(steps.x.outputs)']) {
      expect(() => refuseLeftOver(text, 'step x')).toThrow(InvariantError);
    }
    expect(() => refuseLeftOver('$(HOME) $x ${y}', 'step x')).not.toThrow();
  });
});

describe("the kubelet's variables", () => {
  const env = new Map([['A', '1']]);
  it.each([
    ['$(A)', '1'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$1'],
    ['$(B)', '$(B)'],
    ['$A ${A} $', '$A ${A} $'],
    ['$$', '$'],
    ['$(A', '$(A'],
  ])('%s', (text, expected) => {
    expect(expandEnv(text, env)).toBe(expected);
  });
});

describe('paths', () => {
  const mappings = [
    { container: '/mnt/job/data', host: '/work/data' },
    { container: '/mnt/job/data/deep', host: '/work/deep' },
    { container: '/opt/app/', host: '/src/app' },
  ];
  it.each([
    ['/mnt/job/data', '/work/data'],
    ['/mnt/job/data/', '/work/data/'],
    ['/mnt/job/data/a/b.json', '/work/data/a/b.json'],
    ['/mnt/job/data/deep/x', '/work/deep/x'],
    ['/mnt/job/database', undefined],
    ['/mnt/job', undefined],
    ['/opt/app', '/src/app'],
    ['/opt/app/run.py', '/src/app/run.py'],
    ['mnt/job/data', undefined],
    ['', undefined],
  ])('%s', (path, expected) => {
    expect(mapPath(path, mappings)).toBe(expected);
    expect(mapValue(path, mappings)).toBe(expected ?? path);
  });

  it('are mapped as a whole argument or as the value of an option, nowhere else', () => {
    expect(mapArgument('--model=/mnt/job/data/m', mappings)).toBe('--model=/work/data/m');
    expect(mapArgument('-m=/mnt/job/data/m', mappings)).toBe('-m=/work/data/m');
    expect(mapArgument('model=/mnt/job/data/m', mappings)).toBe('model=/mnt/job/data/m');
    expect(mapArgument('cat /mnt/job/data/m', mappings)).toBe('cat /mnt/job/data/m');
    expect(mapValue('--model=/mnt/job/data/m', mappings)).toBe('--model=/mnt/job/data/m');
  });
});

describe('durations', () => {
  it.each([
    ['1h0m0s', 3600],
    ['90m', 5400],
    ['1m30s', 90],
    ['1.5s', 1.5],
    ['0s', 0],
  ])('%s', (text, seconds) => {
    expect(parseGoDuration(text)).toBe(seconds);
  });

  it.each(['', '1', '1d', 's', '-1s', '1s1m'])('%j is none', (text) => {
    expect(() => parseGoDuration(text)).toThrow(InvariantError);
  });
});
