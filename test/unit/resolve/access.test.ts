import { describe, expect, it } from 'vitest';
import { grantedPrefixes, isOpenTo, isWithin } from '../../../src/resolve/access.js';
import { resolveConnection } from '../../../src/resolve/connection.js';
import { connection } from '../../support/definitions.js';

const rules = [
  { teams: ['risk'], modes: ['read'], prefixes: ['fraud/', 'tags/'] },
  { teams: ['risk', 'growth'], modes: ['write'], prefixes: ['out/'] },
  { teams: ['growth'], modes: ['read', 'write'] },
] as const;

describe('what a team was given', () => {
  const shared = resolveConnection(connection('raw', { access: rules }));
  const own = resolveConnection(connection('raw', {}, 'risk'));
  const narrowed = resolveConnection(connection('raw', { access: [{ teams: ['risk'], modes: ['read'], prefixes: ['in/'] }] }, 'risk'));
  const closed = resolveConnection(connection('raw'));

  it.each([
    ['a rule of its own', shared, 'risk', 'read', ['fraud/', 'tags/']],
    ['a rule with others', shared, 'risk', 'write', ['out/']],
    ['several rules; without prefixes all of it', shared, 'growth', 'write', ['out/', '/']],
    ['a team that no rule names', shared, 'ops', 'read', []],
    ['no access at all', closed, 'risk', 'read', []],
    ["the team's own", own, 'risk', 'write', ['/']],
    ["another team's own", own, 'growth', 'read', []],
    ["the team's own, narrowed", narrowed, 'risk', 'read', ['in/']],
    ["the team's own, narrowed to reading", narrowed, 'risk', 'write', []],
  ] as const)('%s', (_, where, team, mode, prefixes) => {
    expect(grantedPrefixes(where, team, mode)).toEqual(prefixes);
  });

  it('is open where either mode is', () => {
    expect([isOpenTo(shared, 'risk'), isOpenTo(narrowed, 'risk'), isOpenTo(closed, 'risk'), isOpenTo(own, 'growth')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

it.each([
  ['fraud/', ['fraud/'], true],
  ['fraud/in/a.json', ['fraud/'], true],
  ['fraud-2/in/', ['fraud/'], false],
  ['fraud', ['fraud/'], false],
  ['fraud', ['/'], true],
  ['fraud/in/', ['tags/', 'fraud/in/'], true],
  ['fraud/', ['fraud/in/'], false],
  ['fraud/{jobId}/', ['fraud/'], true],
  ['fraud/{jobId}/', ['fraud/a/'], false],
  ['{jobId}/fraud/', ['fraud/'], false],
  ['{jobId}/', ['/'], true],
  ['/', ['fraud/'], false],
  ['fraud/', [], false],
])('%s within %j: %s', (path, prefixes, expected) => {
  expect(isWithin(path, prefixes)).toBe(expected);
});
