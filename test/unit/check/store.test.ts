import { describe, expect, it } from 'vitest';
import { isSameStore } from '../../../src/check/store.js';
import { resolveConnection } from '../../../src/resolve/connection.js';
import { connection } from '../../support/definitions.js';

type Spec = Parameters<typeof connection>[1];

const areOne = (one: Spec, other: Spec): boolean =>
  isSameStore(resolveConnection(connection('one', { bucket: 'lake', ...one })), resolveConnection(connection('other', { bucket: 'lake', ...other })));

const azure: Spec = { type: 'azureblob', account: 'lake1', container: 'results' };
const minio = 'https://minio.example.com';

describe('two connections to buckets of one name', () => {
  it.each<[string, Spec, Spec]>([
    ['of Amazon, in whatever region', {}, { region: 'us-east-1' }],
    ["of Amazon, one of them by a region's own address", {}, { endpoint: 'https://s3.eu-central-1.amazonaws.com' }],
    [
      'of Amazon, by the address of a VPC',
      { endpoint: 'https://s3.amazonaws.com' },
      { endpoint: 'https://bucket.vpce-1-a.s3.eu-central-1.vpce.amazonaws.com/' },
    ],
    ['of Google, by its address', { type: 'gcs' }, { type: 'gcs', endpoint: 'https://storage.googleapis.com/' }],
    ["of Azure, by the account's address", azure, { ...azure, endpoint: 'https://lake1.blob.core.windows.net' }],
    ['at one address, written with its slash', { endpoint: minio }, { endpoint: `${minio}/` }],
    ['at one address, written with its port', { endpoint: minio }, { endpoint: `${minio}:443` }],
  ])('are one store %s', (_, one, other) => {
    expect([areOne(one, other), areOne(other, one)]).toEqual([true, true]);
  });

  it.each<[string, Spec, Spec]>([
    ['at Amazon and elsewhere', {}, { endpoint: minio }],
    ['at two ports', { endpoint: minio }, { endpoint: `${minio}:9000` }],
    ['at two hosts', { endpoint: minio }, { endpoint: 'https://minio2.example.com' }],
    ['in two of the worlds of Amazon, which share no names', { region: 'cn-north-1' }, {}],
    ['of Google and elsewhere', { type: 'gcs' }, { type: 'gcs', endpoint: 'https://gcs.example.com' }],
    ["of Azure, by another account's address", azure, { ...azure, endpoint: 'https://lake2.blob.core.windows.net' }],
    ['of two clouds', {}, { type: 'gcs' }],
  ])('are two stores %s', (_, one, other) => {
    expect([areOne(one, other), areOne(other, one)]).toEqual([false, false]);
  });
});
