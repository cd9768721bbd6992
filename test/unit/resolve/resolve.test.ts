import { describe, expect, it } from 'vitest';
import type { Definitions, TeamService } from '../../../src/resolve/definitions.js';
import { resolve } from '../../../src/resolve/resolve.js';
import { noSecretFiles } from '../../../src/resolve/secret-files.js';
import { connection, platform, service, team } from '../../support/definitions.js';

const caller = (name: string, ...services: string[]) => ({ name, auth: 'token', secretRef: { name: 'webhook' }, services }) as const;
const two = platform({
  teams: [
    { name: 'risk', registries: ['registry.example.com/risk/'] },
    { name: 'growth', namespace: 'a-growth', registries: ['registry.example.com/growth/'] },
  ],
  webhook: { host: 'jobs.example.com', callers: [caller('ci', '*'), caller('airflow', 'risk/*')] },
});
const of = (name: string, more: Parameters<typeof service>[0] = {}, owner = 'risk'): TeamService => ({ ...service(more, name), team: owner });
const definitions = (more: Partial<Definitions>): Definitions => ({
  platform: two,
  teams: [],
  connections: [connection('store', {}, 'risk')],
  services: [],
  secretFiles: noSecretFiles,
  broken: { teams: new Set(), connections: [], services: new Set() },
  ...more,
});
const codes = (more: Partial<Definitions>): readonly string[] => resolve(definitions(more))[1].map(({ code }) => code);

describe('the callers of a namespace', () => {
  const callersOf = (services: readonly TeamService[]): unknown =>
    resolve(definitions({ services }))[0].namespaces.map(({ namespace, callers }) => [namespace, callers.map(({ name }) => name)]);

  it('are those that a service of it takes', () => {
    expect(callersOf([of('a', { triggers: { webhook: { callers: ['ci'] } } }), of('b', { triggers: { webhook: { enabled: false } } })])).toEqual([
      ['a-growth', []],
      ['risk', ['ci']],
    ]);
    expect(callersOf([of('a', { triggers: {} })])).toEqual([
      ['a-growth', []],
      ['risk', ['airflow', 'ci']],
    ]);
  });

  it('are the same for its services', () => {
    const [{ services, namespaces }] = resolve(definitions({ services: [of('a', { triggers: {} })] }));
    expect(services[0]?.context.model).toBe(namespaces[1]);
  });
});

describe('ids of services', () => {
  it('are unique in a namespace only', () => {
    expect(codes({ services: [of('a', { serviceId: 'x' }), of('b', { serviceId: 'x' })] })).toEqual(['resolve/duplicate-service-id']);
    expect(codes({ services: [of('a'), of('b', { serviceId: 'a' })] })).toEqual(['resolve/duplicate-service-id']);
    expect(
      codes({
        services: [of('a'), of('b', { serviceId: 'a' }, 'growth')],
        connections: [connection('store', {}, 'risk'), connection('store', {}, 'growth')],
      }),
    ).toEqual([]);
  });
});

describe('nothing follows from what was not understood', () => {
  it('neither for references to a connection', () => {
    const broken = { teams: new Set<string>(), connections: [{ name: 'store', team: 'risk' }], services: new Set<string>() };
    expect(codes({ services: [of('a')], connections: [], broken })).toEqual([]);
  });

  it('nor for callers of a service', () => {
    const missing = platform({ webhook: { host: 'jobs.example.com', callers: [caller('ci', 'risk/a')] } });
    expect(codes({ platform: missing })).toEqual(['resolve/unknown-service']);
    expect(codes({ platform: missing, broken: { teams: new Set(), connections: [], services: new Set(['risk/a']) } })).toEqual([]);
  });

  it('nor from a Platform', () => {
    expect(codes({ platform: undefined, services: [of('a', { nodePool: 'nowhere' })] })).toEqual([]);
  });
});

it('a folder that is no team is reported once, at its first file', () => {
  const [, problems] = resolve(
    definitions({
      services: [of('b', {}, 'risc'), of('a', {}, 'risc')],
      teams: [{ ...team({}), name: 'other', place: { file: 'services/other/team.yaml', path: ['spec'] } }],
    }),
  );
  expect(problems.map(({ code, where }) => [code, where?.file])).toEqual([
    ['resolve/undeclared-team-folder', 'services/other/team.yaml'],
    ['resolve/undeclared-team-folder', 'services/risk/a.yaml'],
  ]);
});
