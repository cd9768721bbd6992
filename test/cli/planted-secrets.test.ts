/** A key that is planted in what a command is given is in nothing that the command says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leakOf, secrets } from '../support/planted.js';
import { millrace, type Outcome, temporaryFolder } from './command.js';

type Name = keyof typeof secrets;
const names = Object.keys(secrets) as Name[];

/** A file of a test, with its path. */
function file(text: string): string {
  const path = join(temporaryFolder(), 'given');
  writeFileSync(path, text);
  return path;
}

/** Refused, without a word of the key. */
function silent(name: Name, { stdout, stderr, code }: Outcome): void {
  expect(code).toBeGreaterThan(0);
  expect(leakOf(name, stdout + stderr)).toBeUndefined();
}

const body = (path: string): string =>
  JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', dataSource: { connection: 'raw', path } } });

test.each(names)('the body of a request: %s', (name) => {
  const given = file(body(`fraud/in/${secrets[name]}/`));
  silent(name, millrace(['simulate', 'risk/fraud-scorer', '--body', given]));
  silent(name, millrace(['run', 'risk/fraud-scorer', '--request', given, '--store', temporaryFolder()]));
  silent(name, millrace(['job', 'submit', 'risk/fraud-scorer', '--body', given]));
});

test.each(names)('a file of data: %s', (name) => {
  const given = file(
    JSON.stringify({
      inputs: [{ name: 'a', shape: [2], datatype: 'BYTES', data: [secrets[name]], [secrets[name]]: 1 }],
      extra: secrets[name],
    }),
  );
  for (const format of ['text', 'json', 'github', 'sarif']) silent(name, millrace(['validate', given, '--direction', 'request', '--format', format]));
});

test('headers, keys and paths of a command line', () => {
  const given = file(body('fraud/in/today/'));
  for (const args of [
    ['--header', `X-Millrace-Token=${secrets.awsKey}`, '--caller', 'nobody'],
    ['--header', secrets.awsKey],
    ['--caller', 'airflow', '--key-file', file(secrets.awsKey)],
    ['--path', `/${secrets.awsId}`],
    ['--path', secrets.awsId],
    [`--${secrets.awsId}`],
  ]) {
    const name = args.join().includes(secrets.awsId) ? 'awsId' : 'awsKey';
    const outcome = millrace(['simulate', 'risk/fraud-scorer', '--body', given, ...args]);
    silent(name, outcome);
  }
  silent('awsId', millrace([secrets.awsId]));
  silent('awsId', millrace(['explain', secrets.awsId]));
  silent('awsId', millrace(['access', '--team', secrets.awsId]));
});
