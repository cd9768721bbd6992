import { connectionDefaults } from '../defaults.js';
import { label } from '../definitions.js';
import { forms } from '../forms.js';
import { flag, formed, list, object, oneOf, use, type Schema } from '../json-schema.js';

export const secretStoreKinds = ['SecretStore', 'ClusterSecretStore'] as const;

const secretRef = (keys: Schema): Schema =>
  object('A Secret in the namespace of the run, which somebody else puts there.', ['name'], {
    name: use('ObjectName', 'Name of the Secret.', { examples: ['raw-s3'] }),
    keys,
  });

const externalSecret = (keys: Schema): Schema =>
  object('A Secret that External Secrets makes in every namespace that uses the connection: millrace-connection-NAME.', ['secretStoreRef', 'keys'], {
    secretStoreRef: object('The store of External Secrets that has the values.', ['name'], {
      name: use('ObjectName', 'Name of the store.', { examples: ['vault'] }),
      kind: oneOf('SecretStore: in every namespace that uses the connection. ClusterSecretStore: one for the cluster.', secretStoreKinds, {
        default: connectionDefaults.secretStoreKind,
      }),
    }),
    refreshInterval: use('Duration', 'How often the values are read anew.', { default: connectionDefaults.refreshInterval }),
    deletionPolicy: oneOf(
      'What becomes of the Secret when the store has a value no longer. Retain: it stays as it is. Delete: it is removed.',
      ['Retain', 'Delete'],
      { default: connectionDefaults.deletionPolicy },
    ),
    keys,
  });

const secretFiles = (description: string, file: string, keys: Schema): Schema =>
  object(description, ['files'], {
    files: list(
      'The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name.',
      formed(`${file}: a path below the folder of the connection, secrets/NAME.yaml.`, forms.secretFile, 260),
      { min: 1, max: 256 },
      { examples: [['secrets/raw.risk.yaml']] },
    ),
    keys,
  });

/** What every identity says beside who it is. */
const identityFields = {
  name: label(
    'Name of the identity: its runs have the ServiceAccount millrace-run-NAME, which is the subject that the cloud must trust. At most 40 characters.',
    40,
  ),
  sharedIdentity: flag(
    'Agree to runs that have another identity, too. All identities of one run have one name, and so one ServiceAccount.',
    connectionDefaults.sharedIdentity,
  ),
};

const workloadIdentity = (description: string, required: readonly string[], fields: Readonly<Record<string, Schema>>): Schema =>
  object(description, ['name', ...required], { ...identityFields, ...fields });

/** What the metadata server of a node vouches for. It answers every container of the pod, so consent is asked for. */
const instanceIdentity = (description: string, fields: Readonly<Record<string, Schema>> = {}): Schema =>
  object(description, ['sharedIdentity'], {
    sharedIdentity: {
      description: 'Agree that the predictor can use the identity as well: whatever runs in the pod can ask for it. Only true.',
      type: 'boolean',
      const: true,
    },
    ...fields,
  });

interface Modes {
  readonly secretKeys: Schema;
  /** Where External Secrets finds the value of each key. */
  readonly remoteKeys: Schema;
  readonly workloadIdentity: Schema;
  readonly instanceIdentity: Schema;
}

const credentials = (modes: Modes): Schema => ({
  ...object('How a run proves to the store who it is: exactly one of these.', [], {
    secretRef: secretRef(modes.secretKeys),
    anonymous: { description: 'No credentials: the store is public. Only true.', type: 'boolean', const: true },
    externalSecret: externalSecret(modes.remoteKeys),
    sealedSecret: secretFiles('A Secret that lies in the repository as SealedSecrets.', 'A SealedSecret', modes.secretKeys),
    sops: secretFiles(
      'A Secret that lies in the repository encrypted with SOPS; Flux decrypts it.',
      'A Secret encrypted with SOPS',
      modes.secretKeys,
    ),
    workloadIdentity: modes.workloadIdentity,
    instanceIdentity: modes.instanceIdentity,
  }),
  minProperties: 1,
  maxProperties: 1,
});

const remote = (description: string): Schema => use('RemoteKey', description);
const key = (name: string, description: string): Schema => use('SecretKey', description, { default: name });
const uuid = (description: string): Schema => formed(description, forms.uuid, 36, { examples: ['01234567-89ab-cdef-0123-456789abcdef'] });

export const s3Credentials = credentials({
  secretKeys: object('Where the Secret calls its keys something else.', [], {
    access_key_id: key('access_key_id', 'Key in the Secret of the access key id.'),
    secret_access_key: key('secret_access_key', 'Key in the Secret of the secret access key.'),
    session_token: key('session_token', 'Key in the Secret of the session token, if there is one.'),
  }),
  remoteKeys: object('Where the store has each of them.', ['access_key_id', 'secret_access_key'], {
    access_key_id: remote('The access key id.'),
    secret_access_key: remote('The secret access key.'),
    session_token: remote('The session token. Default: there is none.'),
  }),
  workloadIdentity: workloadIdentity("A role of AWS that the run's ServiceAccount may assume with a web identity token.", ['roleArn'], {
    roleArn: formed('ARN of the role.', forms.roleArn, 600, { examples: ['arn:aws:iam::123456789012:role/batch/fraud'] }),
  }),
  instanceIdentity: instanceIdentity('The role of the node, or of an agent on it: an instance profile, EKS Pod Identity.'),
});

export const gcsCredentials = credentials({
  secretKeys: object('Where the Secret calls its key something else.', [], {
    'service_account.json': key('service_account.json', "Key in the Secret of the service account's JSON key file."),
  }),
  remoteKeys: object('Where the store has it.', ['service_account.json'], {
    'service_account.json': remote("The service account's JSON key file."),
  }),
  workloadIdentity: workloadIdentity('Workload identity federation of Google Cloud.', ['audience'], {
    audience: formed('The provider in the workload identity pool.', forms.googleAudience, 530, {
      examples: ['//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/pool/providers/cluster'],
    }),
    serviceAccount: formed(
      'E-mail address of the service account to act as. Default: the rights are those of the federated identity itself.',
      forms.googleServiceAccount,
      320,
      {
        examples: ['batch@project.iam.gserviceaccount.com'],
      },
    ),
  }),
  instanceIdentity: instanceIdentity(
    'The service account that the metadata server gives: that of the node, or of Workload Identity Federation for GKE.',
  ),
});

export const azureblobCredentials = credentials({
  secretKeys: {
    ...object('Which of the two the Secret holds, and under what key. Default: account_key.', [], {
      account_key: key('account_key', "Key in the Secret of the storage account's key."),
      sas_url: key('sas_url', "Key in the Secret of the container's URL with its shared access signature."),
    }),
    minProperties: 1,
    maxProperties: 1,
  },
  remoteKeys: {
    ...object('Which of the two the store has, and where.', [], {
      account_key: remote("The storage account's key."),
      sas_url: remote("The container's URL with its shared access signature."),
    }),
    minProperties: 1,
    maxProperties: 1,
  },
  workloadIdentity: workloadIdentity('An application or managed identity of Azure with a federated credential.', ['tenantId', 'clientId'], {
    tenantId: uuid('Id of the tenant (directory).'),
    clientId: uuid('Client id of the application or managed identity.'),
  }),
  instanceIdentity: instanceIdentity('A managed identity of the node.', {
    clientId: uuid('Client id of the managed identity. Default: the only one that the node has.'),
  }),
});

export const credentialsDefinitions = {
  RemoteKey: object('Where a store of External Secrets has one value.', ['key'], {
    key: formed("Name of the entry in the store, with its path; without '..'.", forms.remoteKey, 512, { examples: ['risk/raw'] }),
    property: formed('Which value of the entry, where it is a map. Default: the entry is the value.', forms.remoteProperty, 253, {
      examples: ['access_key_id'],
    }),
    version: formed('Version of the entry. Default: the latest.', forms.remoteVersion, 128, { examples: ['3'] }),
  }),
} satisfies Record<string, Schema>;
