import { connectionDefaults } from '../defaults.js';
import { forms } from '../forms.js';
import { byTag, flag, formed, later, list, object, oneOf, use, type Schema } from '../json-schema.js';

const secretRef = (keys: Schema): Schema =>
  object('A Secret in the namespace of the run.', ['name'], { name: use('ObjectName', 'Name of the Secret.', { examples: ['raw-s3'] }), keys });

const credentials = (keys: Schema): Schema => ({
  ...object('How a run proves to the store who it is: exactly one of these.', [], {
    secretRef: secretRef(keys),
    anonymous: { description: 'No credentials: the store is public. Only true.', type: 'boolean', const: true },
    externalSecret: later('A Secret made by External Secrets.'),
    sealedSecret: later('A Secret made from a SealedSecret.'),
    sops: later('A Secret encrypted with SOPS.'),
    workloadIdentity: later("The cloud's workload identity, without a Secret."),
  }),
  minProperties: 1,
  maxProperties: 1,
});

const key = (name: string, description: string): Schema => use('SecretKey', description, { default: name });

const s3Keys = object('Where the Secret calls its keys something else.', [], {
  access_key_id: key('access_key_id', 'Key in the Secret of the access key id.'),
  secret_access_key: key('secret_access_key', 'Key in the Secret of the secret access key.'),
  session_token: key('session_token', 'Key in the Secret of the session token, if there is one.'),
});

const gcsKeys = object('Where the Secret calls its key something else.', [], {
  'service_account.json': key('service_account.json', "Key in the Secret of the service account's JSON key file."),
});

const azureblobKeys: Schema = {
  ...object('Which of the two the Secret holds, and under what key. Default: account_key.', [], {
    account_key: key('account_key', "Key in the Secret of the storage account's key."),
    sas_url: key('sas_url', "Key in the Secret of the container's URL with its shared access signature."),
  }),
  minProperties: 1,
  maxProperties: 1,
};

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
const caBundle = later('Certificates that the endpoint is checked against.');
const proxy = later('HTTP proxy for the transfers.');

export const connectionDefinitions = {
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
  S3ConnectionSpec: object('A bucket of Amazon S3 or of a store that speaks its protocol.', ['type', 'bucket', 'region', 'credentials'], {
    type: typeOf('s3'),
    bucket: formed('Name of the bucket, at most 63 characters.', forms.bucket, 63, { examples: ['raw-bucket'] }),
    region: formed('Region of the bucket; where a store knows none, what it expects in signatures (often us-east-1).', forms.region, 63, {
      examples: ['eu-central-1'],
    }),
    endpoint,
    pathStyle: flag('Bucket in the path of the URL rather than in its host name.', connectionDefaults.pathStyle),
    ...common,
    credentials: credentials(s3Keys),
    sse: later('Server-side encryption of what is written.'),
    storageClass: later('Storage class of what is written.'),
    requesterPays: later('Requests are charged to the reader.'),
    caBundle,
    proxy,
  }),
  GcsConnectionSpec: object('A bucket of Google Cloud Storage.', ['type', 'bucket', 'credentials'], {
    type: typeOf('gcs'),
    bucket: formed('Name of the bucket, at most 222 characters.', forms.bucket, 222, { examples: ['ml-archive'] }),
    projectNumber: formed('Number of the project, in quotes.', forms.digits, 20, { examples: ['123456789012'] }),
    endpoint,
    ...common,
    credentials: credentials(gcsKeys),
    storageClass: later('Storage class of what is written.'),
    requesterPays: later('Requests are charged to the reader.'),
    quotaProject: later('Project that requests are counted against.'),
    caBundle,
    proxy,
  }),
  AzureblobConnectionSpec: object('A container of Azure Blob Storage.', ['type', 'account', 'container', 'credentials'], {
    type: typeOf('azureblob'),
    account: formed('Name of the storage account, at most 24 characters.', forms.storageAccount, 24, { examples: ['riskstore'] }),
    container: formed('Name of the container, at most 63 characters.', forms.label, 63, { examples: ['scores'] }),
    endpoint,
    ...common,
    credentials: credentials(azureblobKeys),
    tier: later('Access tier of what is written.'),
    caBundle,
    proxy,
  }),
  ConnectionSpec: byTag('A place where data, models or results lie.', 'type', 'Kind of store.', {
    s3: 'S3ConnectionSpec',
    gcs: 'GcsConnectionSpec',
    azureblob: 'AzureblobConnectionSpec',
  }),
} satisfies Record<string, Schema>;
