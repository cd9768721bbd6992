import { expect, test } from 'vitest';
import { millrace, temporaryFolder, writeFiles } from './command.js';
import { definitions, writeRepository } from './definitions.js';

const own = `apiVersion: millrace.dev/v1
kind: Connection
metadata:
  name: scratch
spec:
  type: s3
  bucket: scratch-bucket
  region: eu-central-1
  credentials:
    anonymous: true
`;

const shared = `apiVersion: millrace.dev/v1
kind: Connection
metadata:
  name: shared
spec:
  type: s3
  bucket: shared-bucket
  region: eu-central-1
  access:
    - teams: [demo]
      modes: [write, read]
      prefixes:
        - fraud/
        - a/
    - teams: [demo]
      modes: [read]
  credentials:
    anonymous: true
`;

function repository(more: Readonly<Record<string, string>> = {}): string {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  writeFiles(cwd, { 'services/connections/shared.yaml': shared, 'services/demo/connections/scratch.yaml': own, ...more });
  return cwd;
}

test('shows each right with the line that grants it, and no other', () => {
  const { code, stdout, stderr } = millrace(['access', '--team', 'demo', '--connection', 'shared'], { cwd: repository() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`TEAM  CONNECTION  MODE   PREFIX  GRANTED BY
demo  shared      read   /       services/connections/shared.yaml:15
demo  shared      read   a/      services/connections/shared.yaml:14
demo  shared      read   fraud/  services/connections/shared.yaml:13
demo  shared      write  a/      services/connections/shared.yaml:14
demo  shared      write  fraud/  services/connections/shared.yaml:13
`);
});

test("a team's own connection without a list is all its own, and one of the platform without a list is nobody's", () => {
  const cwd = repository({ 'services/connections/closed.yaml': own.replace('scratch', 'closed') });
  const rows: readonly unknown[] = JSON.parse(millrace(['access', '--connection', 'scratch', '--format', 'json'], { cwd }).stdout);
  const whole = { team: 'demo', connection: 'scratch', prefix: '/', file: 'services/demo/connections/scratch.yaml', line: 5 };
  expect(rows).toEqual([
    { ...whole, mode: 'read' },
    { ...whole, mode: 'write' },
  ]);
  expect(millrace(['access', '--connection', 'closed'], { cwd })).toEqual({
    code: 0,
    stdout: 'nobody may read or write anything there\n',
    stderr: '',
  });
});

test('shows nothing of definitions with errors: a part would be taken for all', () => {
  const cwd = repository({
    'services/demo/scorer.yaml': (definitions['services/demo/scorer.yaml'] ?? '').replace('connection: data', 'connection: dat'),
  });
  const { code, stdout, stderr } = millrace(['access'], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('[resolve/unknown-connection]');
});

test('a team or connection that is not there', () => {
  const cwd = repository();
  expect(millrace(['access', '--team', 'demoo'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no team "demoo"\nhint: did you mean demo?') as string,
  });
  expect(millrace(['access', '--connection', 'x'], { cwd }).code).toBe(2);
});
