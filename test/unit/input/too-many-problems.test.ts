import { describe, expect, test } from 'vitest';
import { parseInput, type ParsedInput } from '../../../src/input/parse-input.js';
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

  test('says how many are left, where the first of them stands', () => {
    const lines = withTeams(60, refused).diagnostics.map(lineOf);
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe(
      'spec.teams.50.namespace: this file has 10 more problems, not shown here [input/too-many-problems] | correct those that are shown first',
    );
  });
});
