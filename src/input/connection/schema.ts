import { connectionDefaults } from '../defaults.js';
import { forms } from '../forms.js';
import { byTag, flag, formed, list, object, oneOf, use, type Schema } from '../json-schema.js';
import { azureblobCredentials, credentialsDefinitions, gcsCredentials, s3Credentials } from './credentials-schema.js';

const common = {
  defaultPath: use('ObjectPath', 'Path of a reference that gives none; never joined to one. Default: none, a reference must give its path.', {
    examples: ['landing/'],
  }),
  access: list(
    "Who may use the connection, and for what. Nobody may who is not listed; in a team's own connection the list may be left out: the team may read and write.",
    use('AccessRule', 'Teams, what they may do, and where.'),
    { max: 1000 },
  ),
};

const endpoint = use('Url', "Where the store answers. Default: the provider's own endpoint.", { examples: ['https://minio.risk.example.com'] });
const typeOf = (type: string): Schema => ({ description: 'Kind of store.', type: 'string', const: type });

/** How the store is reached. */
const way = {
  caBundle: use('CaBundle', "Certificates of authorities that the store's is checked against, besides the well-known ones."),
  proxy: use('ProxySettings', 'An HTTP proxy on the way to the store. Default: none.'),
};

export const connectionDefinitions = {
  ...credentialsDefinitions,
  AccessRule: object('Teams, what they may do, and where.', ['teams', 'modes'], {
    teams: list('The teams.', use('Reference', 'Name of a team.'), { min: 1, max: 1000 }),
    modes: list('What they may do.', oneOf('read or write.', ['read', 'write']), { min: 1, max: 2 }),
    prefixes: list(
      'Where: folders counted from the bucket\'s root, each ending in "/"; "/" is the whole bucket, and the default.',
      use('ObjectPath', 'A folder.'),
      { min: 1, max: 256 },
      {
        examples: [['fraud/']],
      },
    ),
  }),
  CaBundle: object('A ConfigMap in the namespace of the run with certificates of authorities.', ['configMap'], {
    configMap: object('The ConfigMap.', ['name'], {
      name: use('ObjectName', 'Name of the ConfigMap.', { examples: ['company-ca'] }),
      key: use('SecretKey', 'Its key that holds the certificates, in PEM form.', { default: connectionDefaults.caBundleKey }),
    }),
  }),
  ProxySettings: object('An HTTP proxy on the way to the store.', ['url'], {
    url: use('Url', 'Address of the proxy, with its port; user and password are not possible.', { examples: ['http://proxy.example.com:3128'] }),
    noProxy: list(
      'Hosts that are reached without it: names, names with a leading "." for all below them, addresses and networks.',
      formed('A host, a domain or a network.', forms.noProxy, 253),
      { max: 64 },
      { examples: [['.svc', '198.51.100.0/24']] },
    ),
  }),
  ServerSideEncryption: object('How the store encrypts what is written.', ['type'], {
    type: oneOf("AES256: with the store's own keys. aws:kms: with a key of the Key Management Service.", ['AES256', 'aws:kms']),
    keyId: formed('Id, ARN or alias of the key; only with type aws:kms. Default: the key that the account has for S3.', forms.kmsKey, 2048, {
      examples: ['arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef'],
    }),
  }),
  S3ConnectionSpec: object('A bucket of Amazon S3 or of a store that speaks its protocol.', ['type', 'bucket', 'credentials'], {
    type: typeOf('s3'),
    bucket: formed('Name of the bucket, at most 63 characters.', forms.bucket, 63, { examples: ['raw-bucket'] }),
    region: formed(
      `Region of the bucket. With an endpoint it may be left out: ${connectionDefaults.region}, which stores without regions expect in signatures.`,
      forms.region,
      63,
      {
        examples: ['eu-central-1'],
      },
    ),
    endpoint,
    pathStyle: flag('Bucket in the path of the URL rather than in its host name.', connectionDefaults.pathStyle),
    ...common,
    credentials: s3Credentials,
    sse: use('ServerSideEncryption', 'How the store encrypts what is written. Default: as the bucket says.'),
    storageClass: oneOf("Storage class of what is written; those that cannot be read at once are none of them. Default: the store's own.", [
      'STANDARD',
      'STANDARD_IA',
      'ONEZONE_IA',
      'INTELLIGENT_TIERING',
      'GLACIER_IR',
      'REDUCED_REDUNDANCY',
    ]),
    requesterPays: flag('Agree to pay for the requests, where the bucket asks its readers to.', connectionDefaults.requesterPays),
    ...way,
  }),
  GcsConnectionSpec: object('A bucket of Google Cloud Storage.', ['type', 'bucket', 'credentials'], {
    type: typeOf('gcs'),
    bucket: formed('Name of the bucket, at most 222 characters.', forms.bucket, 222, { examples: ['ml-archive'] }),
    projectNumber: formed('Number of the project, in quotes.', forms.digits, 20, { examples: ['123456789012'] }),
    endpoint,
    ...common,
    credentials: gcsCredentials,
    storageClass: oneOf("Storage class of what is written. Default: the bucket's.", [
      'STANDARD',
      'NEARLINE',
      'COLDLINE',
      'ARCHIVE',
      'MULTI_REGIONAL',
      'REGIONAL',
    ]),
    quotaProject: formed(
      'Id of the project that requests are counted against and billed to; also where the requester pays. Default: the project of the bucket.',
      forms.googleProject,
      63,
      { examples: ['risk-batch'] },
    ),
    ...way,
  }),
  AzureblobConnectionSpec: object('A container of Azure Blob Storage.', ['type', 'account', 'container', 'credentials'], {
    type: typeOf('azureblob'),
    account: formed('Name of the storage account, at most 24 characters.', forms.storageAccount, 24, { examples: ['riskstore'] }),
    container: formed('Name of the container, at most 63 characters.', forms.label, 63, { examples: ['scores'] }),
    endpoint,
    ...common,
    credentials: azureblobCredentials,
    tier: oneOf("Access tier of what is written; archive cannot be read at once. Default: the account's.", ['hot', 'cool', 'cold']),
    ...way,
  }),
  ConnectionSpec: byTag('A place where data, models or results lie.', 'type', 'Kind of store.', {
    s3: 'S3ConnectionSpec',
    gcs: 'GcsConnectionSpec',
    azureblob: 'AzureblobConnectionSpec',
  }),
} satisfies Record<string, Schema>;
