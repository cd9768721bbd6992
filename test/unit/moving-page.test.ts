/** docs/moving-from-odahu.md: every field and endpoint of ODAHU's batch API and of its connections has its place there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/moving-from-odahu.md', 'utf8');
/** The first cells of the tables: what of ODAHU's is answered for. */
const named = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | ')[0] ?? '')
  .join('\n');

/** odahu-flow 1.6.1, packages/operator: pkg/apis/batch, pkg/apis/connection and api/v1alpha1. */
const fields = {
  InferenceService: [
    ...['id', 'createdAt', 'updatedAt', 'deletionMark', 'status', 'image', 'command', 'args', 'modelRegistry', 'remote', 'modelConnection'],
    ...['modelPath', 'local', 'meta', 'dataSource', 'outputDestination', 'triggers', 'webhook', 'enabled', 'nodeSelector', 'resources'],
  ],
  InferenceJob: [
    'inferenceServiceId',
    'dataSource',
    'outputDestination',
    'nodeSelector',
    'resources',
    'requestId',
    'state',
    'message',
    'reason',
    'podName',
  ],
  BatchInferenceJob: ['metadata', 'inputConnection', 'inputPath', 'outputConnection', 'outputPath', 'modelSource'],
  Connection: [
    ...['type', 'uri', 'region', 'username', 'password', 'role', 'keyID', 'keySecret', 'publicKey', 'reference', 'description', 'webUILink', 'vital'],
    ...['secretName', 'serviceAccount'],
  ],
};
test.each(Object.entries(fields).flatMap(([kind, names]) => names.map((name) => [kind, name] as const)))('%s has a row with %s', (kind, name) => {
  expect(named).toContain(kind);
  expect(named).toMatch(new RegExp(`\\b${name}\\b`));
});

/** The routes below /api/v1, as their comments for Swagger have them. */
const endpoints = {
  '/api/v1/batch/job': ['POST', 'GET'],
  '/api/v1/batch/job/ID': ['GET', 'DELETE'],
  '/api/v1/batch/service': ['POST', 'PUT', 'GET', 'DELETE'],
  '…/service/ID': ['GET', 'DELETE'],
  '/api/v1/connection': ['POST', 'PUT', 'GET', 'DELETE'],
  '…/connection/ID': ['GET', 'DELETE'],
  '/api/v1/connection/ID/decrypted': ['GET'],
};
test.each(Object.entries(endpoints).flatMap(([path, methods]) => methods.map((method) => [method, path] as const)))(
  '%s %s has a row',
  (method, path) => {
    const rows = named.split('\n').filter((row) => row.includes(`${path}\``));
    expect(rows.some((row) => row.includes(method))).toBe(true);
  },
);
