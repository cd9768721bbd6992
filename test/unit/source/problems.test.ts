import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { check } from '../../support/check.js';

const platform = readFileSync(fileURLToPath(new URL('../../../services/platform.yaml', import.meta.url)), 'utf8')
  // The services of this repository are not there.
  .replace(/services: \[growth.*\]/, 'services: ["*"]');

it('finds the problems of all files in one run, in the order of their places', () => {
  check(
    {
      'services/risk/a.yaml': 'kind: «@»x\n',
      'services/growth/b.yaml': 'kind: x\n«---»\n',
      'services/platform.yaml': platform.replace('name: platform', 'name: platform\n  «name»: x'),
      'services/connections/c.yaml': 'kind: «*x»\n',
    },
    ['source/alias', 'source/second-document', 'source/duplicate-key', 'source/reserved-character'],
  );
});
