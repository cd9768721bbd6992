import { describe, expect, it } from 'vitest';
import { connectionProblems } from '../../../src/resolve/connection-access.js';
import { resolveConnection } from '../../../src/resolve/connection.js';
import { indexConnections } from '../../../src/resolve/connections.js';
import { resolveCredentials } from '../../../src/resolve/credentials.js';
import { parseEndpoint } from '../../../src/resolve/endpoint.js';
import { resolvePlatform } from '../../../src/resolve/platform.js';
import { connection, platform } from '../../support/definitions.js';

describe('finding a connection', () => {
  const open = { access: [{ teams: ['risk'], modes: ['read'] }] } as const;
  const [index] = indexConnections(
    [
      connection('raw', open),
      connection('closed'),
      connection('own', {}, 'risk'),
      connection('own', {}, 'growth'),
      connection('theirs', {}, 'growth'),
    ],
    [
      { name: 'broken', team: undefined },
      { name: 'broken-own', team: 'risk' },
    ],
  );

  it.each([
    ['raw', 'risk', 'found'],
    ['raw', 'growth', 'found'],
    ['own', 'risk', 'found'],
    ['broken', 'risk', 'broken'],
    ['broken-own', 'risk', 'broken'],
    ['broken-own', 'growth', 'foreign'],
    ['theirs', 'risk', 'foreign'],
    ['nowhere', 'risk', 'unknown'],
    ['constructor', 'risk', 'unknown'],
  ])('%s by %s: %s', (name, team, kind) => {
    expect(index.find(name, team).kind).toBe(kind);
  });

  it('gives each team its own connection of a name', () => {
    const found = index.find('own', 'growth');
    expect(found.kind === 'found' && found.connection.definition.team).toBe('growth');
  });

  it('lists what a team may do anything with', () => {
    expect(index.openTo('risk')).toEqual(['own', 'raw']);
    expect(index.openTo('growth')).toEqual(['own', 'theirs']);
  });
});

describe('keys of a Secret', () => {
  const keysOf = (spec: Parameters<typeof connection>[1]): unknown => resolveCredentials(connection('store', spec));

  it('are ours unless the connection says otherwise', () => {
    expect(keysOf({ credentials: { secretRef: { name: 's' } } })).toEqual({
      kind: 'secret',
      secretName: 's',
      keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key', session_token: 'session_token' },
    });
    expect(keysOf({ credentials: { secretRef: { name: 's', keys: { access_key_id: 'AWS_ACCESS_KEY_ID' } } } })).toMatchObject({
      keys: { access_key_id: 'AWS_ACCESS_KEY_ID', secret_access_key: 'secret_access_key' },
    });
    expect(keysOf({ type: 'gcs', credentials: { secretRef: { name: 's' } } })).toMatchObject({
      keys: { 'service_account.json': 'service_account.json' },
    });
  });

  it('of Azure are one of two', () => {
    expect(keysOf({ type: 'azureblob', credentials: { secretRef: { name: 's' } } })).toMatchObject({ keys: { account_key: 'account_key' } });
    expect(keysOf({ type: 'azureblob', credentials: { secretRef: { name: 's', keys: { sas_url: 'url' } } } })).toEqual({
      kind: 'secret',
      secretName: 's',
      keys: { sas_url: 'url' },
    });
  });

  it('are none for a public store', () => {
    expect(keysOf({})).toEqual({ kind: 'anonymous' });
  });
});

describe('endpoint', () => {
  it.each([
    ['https://minio.example.com', 'https://minio.example.com'],
    ['https://minio.example.com/', 'https://minio.example.com'],
    ['https://minio.example.com:443', 'https://minio.example.com'],
    ['http://minio:80', 'http://minio'],
    ['http://minio:9000/', 'http://minio:9000'],
    ['https://[fd00::1]:9000', 'https://[fd00::1]:9000'],
    ['https://198.51.100.7', 'https://198.51.100.7'],
  ])('%s is %s', (text, origin) => {
    expect(parseEndpoint(text)?.origin).toBe(origin);
  });

  it.each([
    'minio.example.com',
    'ftp://minio.example.com',
    'HTTPS://minio.example.com',
    'https://Minio.example.com',
    'https://user@minio.example.com',
    'https://user:password@minio.example.com',
    'https://minio.example.com/bucket',
    'https://minio.example.com?x=1',
    'https://minio.example.com#x',
    'https://minio.example.com\\@evil.example.com',
    'https://minio..example.com',
    'https://minio.example.com:0',
    'https://minio.example.com:65536',
    'https://minio.example.com:9000:9000',
    'https://münchen.example.com',
    'https:// minio.example.com',
    'https://minio.example.com\n',
    'https://',
    '',
  ])('%j is none', (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });
});

describe("a team's own connection", () => {
  const codes = (teams: Parameters<typeof platform>[0], spec: Parameters<typeof connection>[1]): readonly string[] => {
    const [context] = resolvePlatform(platform(teams));
    return connectionProblems(resolveConnection(connection('store', spec, 'risk')), context).map(({ code }) => code);
  };
  const registries = ['registry.example.com/risk/'];
  const secret = (name: string) => ({ credentials: { secretRef: { name } } });

  it.each([
    ['risk-store', ['risk-*'], true],
    ['risk-store', ['risk-store'], true],
    ['risk-store-2', ['risk-store'], false],
    ['risky', ['risk-*'], false],
    ['regcred', ['risk-*', 'regcred'], true],
    ['regcred', undefined, false],
  ])('may use the Secret %s where %j are listed: %s', (name, secrets, allowed) => {
    expect(codes({ teams: [{ name: 'risk', registries, ...(secrets ? { secrets } : {}) }] }, secret(name))).toEqual(
      allowed ? [] : ['resolve/secret-not-allowed'],
    );
  });

  it.each([
    ['https://minio.example.com', true],
    ['https://minio.example.com:443/', true],
    ['https://minio.example.com:9000', false],
    ['http://minio.example.com', false],
    ['https://minio.example.com.evil.example.org', false],
  ])('may use the endpoint %s: %s', (endpoint, allowed) => {
    const teams = [{ name: 'risk', registries, endpoints: ['https://minio.example.com'] }];
    expect(codes({ teams }, { endpoint })).toEqual(allowed ? [] : ['resolve/endpoint-not-allowed']);
  });

  it("may use the provider's own endpoint", () => {
    expect(codes({}, {})).toEqual([]);
  });
});
