import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analyze.js';
import { parseInput, type ParsedInput } from '../../../src/input/parse-input.js';
import { memoryFileSystem } from '../../../src/source/file-system.js';
import { lineOf, minimal, documentOf } from './support.js';

describe('more problems than are shown for one file', () => {
  const withTeams = (count: number, team: (name: string) => string): ParsedInput => {
    const teams = Array.from({ length: count }, (_, index) => team(`t${String(index)}`));
    return parseInput([documentOf('services/platform.yaml', minimal.platform.replace(/teams: .*/, `teams: [${teams.join(', ')}]`))]);
  };
  const refused = (name: string): string => `{name: ${name}, namespace: cluster, registries: [r/]}`;

  test('50 are all of them', () => {
    expect(withTeams(50, refused).diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 50 }, () => 'input/reserved-name'));
  });

  test('those of the shape and those that a schema cannot say are counted together', () => {
    const both = (name: string): string => `{name: ${name}, namespace: cluster, registries: [1]}`;
    const lines = withTeams(30, both).diagnostics.map(lineOf);
    expect(lines).toHaveLength(51);
    expect(lines.slice(0, 30).every((line) => line.includes('[input/wrong-type]'))).toBe(true);
    expect(lines[50]).toContain('this file has at least 10 more problems, not shown here');
    const more = withTeams(60, both).diagnostics.map(lineOf);
    expect(more).toHaveLength(51);
    expect(more[50]).toContain('registries.0: this file has at least 70 more problems');
  });

  test('says how many are left, where the first of them stands', () => {
    const lines = withTeams(60, refused).diagnostics.map(lineOf);
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe(
      'spec.teams.50.namespace: this file has at least 10 more problems, not shown here [input/too-many-problems] | correct those that are shown first',
    );
  });

  test('what the checks find is counted, too, and a warning is not', () => {
    const args = (count: number, of: string): string => JSON.stringify(Array.from({ length: count }, (_, index) => `--${String(index)}=${of}`));
    const errorsOf = (spec: string): readonly string[] => {
      const files = { 'services/platform.yaml': minimal.platform, 'services/risk/fraud.yaml': `${minimal.service}${spec}` };
      return analyze(memoryFileSystem(files))
        .diagnostics.filter(({ severity, where }) => severity === 'error' && where?.file === 'services/risk/fraud.yaml')
        .map(({ code, message }) => (code === 'input/too-many-problems' ? message : code));
    };
    const summaries = (errors: readonly string[]): readonly string[] => errors.filter((each) => each.startsWith('this file has'));
    const few = errorsOf('');
    const many = errorsOf(`  args: ${args(70, '${X}')}\n`);
    expect(many).toHaveLength(51);
    expect(summaries(many)).toEqual([`this file has ${String(few.length + 20)} more problems, not shown here`]);
    const shape = errorsOf(`  args: ${args(70, '${X}').replace(']', ',1'.repeat(60))}]\n`);
    expect(shape.filter((code) => code === 'check/expansion')).toEqual([]);
    // Of the shape alone: what the checks find in the other 70 is not counted, and not denied.
    expect(summaries(shape)).toEqual(['this file has at least 10 more problems, not shown here']);
    expect(shape).toHaveLength(51);
  });
});
