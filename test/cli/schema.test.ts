import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { millrace, packageRoot, temporaryFolder } from './command.js';

test.each([
  ['Platform', 'platform.json'],
  ['Team', 'team.json'],
  ['Connection', 'connection.json'],
  ['InferenceService', 'inference-service.json'],
])('millrace schema %s prints schemas/%s, also outside of a repository', (kind, file) => {
  const schema = readFileSync(join(packageRoot, 'schemas', file), 'utf8');
  expect(millrace(['schema', kind], { cwd: temporaryFolder() })).toEqual({ code: 0, stdout: schema, stderr: '' });
});

test.each([
  [['Servce'], 'unknown kind "Servce"', 'kinds: Platform, Team, Connection, InferenceService'],
  [['inferenceservice'], 'unknown kind "inferenceservice"', 'did you mean InferenceService?'],
  [['Conection'], 'unknown kind "Conection"', 'did you mean Connection?'],
  [[], 'KIND is missing', undefined],
  [['Team', 'Platform'], '"Platform" is one KIND too many', undefined],
  [['Team', '--format', 'json'], 'unknown option --format', 'options: --root, --no-color'],
])('wrong usage: millrace schema %j', (args, message, hint) => {
  const stderr = `millrace schema: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}usage: millrace schema KIND\nhelp: millrace help schema\n`;
  expect(millrace(['schema', ...args])).toEqual({ code: 2, stdout: '', stderr });
});
