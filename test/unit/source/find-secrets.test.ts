import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../src/source/find-secrets.js';

/** Made up here, of the forms that the real ones have; assembled, so that this file itself holds none. */
const secrets = {
  awsId: ['AKIA', 'Q3EGRIFA7ZX2MNPT'].join(''),
  awsKey: ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYzA9q3LmKQw'].join(''),
  azureKey: ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/', 'K1SZFPTOtr/KBHBeksoGMGw=='].join(''),
  sas: ['?sv=2019-02-02&ss=bf&srt=s&se=2019-08-10T02%3A23%3A26Z&sp=rw&sig=F%6GRVAZ5Cdj2Pw4tg', 'U7IlSTkWgn7bUkkAg8P6HESXwmf%4B'].join(''),
  privateKey: ['-----BEGIN PRIVATE', ' KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\\n-----END PRIVATE KEY-----\\n'].join(''),
  github: ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join(''),
  slack: ['xoxb-', '123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'].join(''),
  jwt: ['eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join(''),
  url: 'https://admin:hunter2@minio.example.com/x',
};

const serviceAccount = `{"type": "service_account", "project_id": "p", "private_key": "${secrets.privateKey}", "client_email": "a@p.iam.gserviceaccount.com"}`;

describe.each(Object.entries(secrets))('%s', (_, secret) => {
  test.each([
    ['a value', (text: string) => `spec:\n  env:\n    X: "${text}"\n`],
    ['a comment', (text: string) => `spec:\n  bucket: raw # was ${text} once\n`],
    ['a key', (text: string) => `spec:\n  "${text}": 1\n`],
    ['a text that is no YAML', (text: string) => `spec: [ {${text}\n`],
  ])('is found in %s', (_where, write) => {
    const text = write(secret);
    const found = findSecrets(text);
    expect(found.length).toBeGreaterThan(0);
    // What is marked lies in the secret.
    for (const { start, end } of found) expect(secret).toContain(text.slice(start, end));
  });

  test('is found in base64', () => {
    const encoded = Buffer.from(secret).toString('base64');
    const text = `spec:\n  keySecret: ${encoded}\n`;
    expect(findSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual([encoded]);
  });
});

test('the key file of a service account is found, as it is and in base64', () => {
  expect(findSecrets(`a: ${JSON.stringify(serviceAccount)}\n`).map(({ kind }) => kind)).toEqual(['a private key']);
  expect(findSecrets(`a: ${Buffer.from(serviceAccount).toString('base64')}\n`).map(({ kind }) => kind)).toEqual(['a private key in base64']);
});

test.each([
  ['a digest', `image: registry.example.com/risk/fraud:1.4.2@sha256:${'0a1b2c3d'.repeat(8)}`],
  ['the digest of a model', `sha256: ${'0a1b2c3d'.repeat(8)}`],
  ['a commit in a path', 'path: models/3f786850e387550fdab836ed7e6dc881de23001b/'],
  ['a long path', 'path: Landing/2026/EU/Part=0001/SegmentedCustomers_v2/Model_07/'],
  ['an id', 'projectNumber: "123456789012345678"'],
  ['a UUID', 'x: 123e4567-e89b-12d3-a456-426614174000'],
  ['a URL without a password', 'endpoint: https://minio.risk.example.com:9000'],
  ['the name of a Secret', 'secretRef: {name: risk-models-s3-production-credentials-2}'],
  ['base64 of plain text', `x: ${Buffer.from('just a sentence of plain text, 1 of 2').toString('base64')}`],
  ['a class in dotted notation', 'args: [--class, com.Example2.VeryLongPackageName.ScorerFactory3Impl]'],
])('%s is none', (_, text) => {
  expect(findSecrets(text)).toEqual([]);
});

test('a long text of anything is read in linear time', () => {
  for (const text of [
    'a1'.repeat(120_000),
    'Ab1/'.repeat(60_000),
    'eyJ'.repeat(80_000),
    'x://'.repeat(60_000),
    '-----BEGIN '.repeat(20_000),
    `-----BEGIN PRIVATE${' KEY-----'}`.repeat(9_000),
    `?sig=${'%'.repeat(200_000)}`,
  ]) {
    // Quadratic time would take minutes, which the time limit of every test tells.
    expect(findSecrets(text)).toBeInstanceOf(Array);
  }
});
