import { describe, expect, test } from 'vitest';
import { notSupported } from '../../../src/input/not-supported.js';
import { kinds, type Kind } from '../../../src/input/kinds.js';
import { parseInput, type Parsed, type ParsedInput } from '../../../src/input/parse-input.js';
import { lineOf, minimal, documentOf } from './support.js';

const files = {
  Platform: ['services/platform.yaml', minimal.platform],
  Team: ['services/risk/team.yaml', minimal.team],
  Connection: ['services/connections/raw.yaml', minimal.connection],
  InferenceService: ['services/risk/fraud.yaml', minimal.service],
} as const;

type Tree = Record<string, unknown>;

/** Sets the value at `spec.teams.*.enforcement`, making what is missing on the way. */
function put(tree: Tree, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[step] = value;
  else if (rest[0] === '*') for (const item of tree[step] as Tree[]) put(item, rest.slice(1), value);
  else put((tree[step] ??= {}) as Tree, rest, value);
}

/** The minimal documents, one of them with a value put at a path. */
function parseWith(kind: Kind, path: string, value: unknown, change: (document: Tree) => void = () => undefined) {
  const documents = kinds.map((each) => documentOf(files[each][0], files[each][1]));
  const document = documents[kinds.indexOf(kind)]?.value as Tree;
  change(document);
  put(document, path.split('.'), value);
  return parseInput(documents);
}

/** The field belongs to one type of store, or stands in place of another mode. */
function prepare(path: string): (document: Tree) => void {
  return (document) => {
    const spec = document['spec'] as Tree;
    if (path.startsWith('spec.credentials.')) spec['credentials'] = {};
    if (path === 'spec.webhook.route') spec['webhook'] = { host: 'jobs.example.com' };
  };
}

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (current, step) => (step === '*' ? (current as readonly unknown[] | undefined)?.[0] : (current as Tree | undefined)?.[step]),
      value,
    );

describe('a field that is not supported yet', () => {
  const anything = [{ some: { shape: [1] } }, [], 'text', 0, false, null];

  test.each(notSupported)('$kind $path is refused whatever it holds, and taken out', ({ kind, path }) => {
    for (const value of anything) {
      const input = parseWith(kind, path, value, prepare(path));
      const found = path.replace('*', '0');
      expect(input.diagnostics.map(lineOf)).toEqual([
        expect.stringMatching(
          new RegExp(`^${found.replaceAll('.', '\\.')} \\(key\\): .* is not supported yet \\[input/not-supported-yet\\] \\| remove it`),
        ),
      ]);
      const parsed: readonly (Parsed<unknown> | undefined)[] = [input.platform, ...input.teams, ...input.connections, ...input.services];
      for (const each of parsed) expect(valueAt({ spec: each?.spec }, path)).toBeUndefined();
      expect(parsed).toHaveLength(4);
    }
  });

  test('has one problem for each item of a list', () => {
    const document = documentOf(
      'services/platform.yaml',
      minimal.platform.replace(
        /teams: .*/,
        'teams: [{name: a, registries: [r/], enforcement: 1}, {name: b, registries: [r/]}, {name: c, registries: [r/], enforcement: 1}]',
      ),
    );
    const input = parseInput([document]);
    expect(input.diagnostics.map(({ where }) => where)).toEqual(
      [0, 2].map((index) => ({ file: 'services/platform.yaml', path: ['spec', 'teams', index, 'enforcement'], target: 'key' })),
    );
    expect(input.platform?.spec.teams.map((team) => Object.keys(team))).toEqual([
      ['name', 'registries'],
      ['name', 'registries'],
      ['name', 'registries'],
    ]);
    // The document itself stays what its file says.
    expect(valueAt(document.value, 'spec.teams.*.enforcement')).toBe(1);
  });
});

describe('more problems than are shown for one file', () => {
  const withTeams = (count: number, team: (name: string) => string): ParsedInput => {
    const teams = Array.from({ length: count }, (_, index) => team(`t${String(index)}`));
    return parseInput([documentOf('services/platform.yaml', minimal.platform.replace(/teams: .*/, `teams: [${teams.join(', ')}]`))]);
  };
  const refused = (name: string): string => `{name: ${name}, registries: [r/], enforcement: 1}`;

  test('50 are all of them', () => {
    expect(withTeams(50, refused).diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 50 }, () => 'input/not-supported-yet'));
  });

  test('says how many are left, where the first of them stands', () => {
    const lines = withTeams(60, refused).diagnostics.map(lineOf);
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe(
      'spec.teams.50.enforcement (key): this file has 10 more problems, not shown here [input/too-many-problems] | correct those that are shown first',
    );
  });

  test('one limit for all of them', () => {
    const lines = withTeams(30, (name) => `{name: ${name}, namespace: cluster, registries: [r/], enforcement: 1}`).diagnostics.map(lineOf);
    expect(lines).toHaveLength(51);
    expect(lines[50]).toContain('this file has 10 more problems');
  });

  test('nothing that is refused is left in the spec', () => {
    expect(withTeams(60, refused).platform?.spec.teams.some((team) => 'enforcement' in team)).toBe(false);
  });
});
