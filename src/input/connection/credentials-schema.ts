import { connectionDefaults } from '../defaults.js';
import { label } from '../definitions.js';
import { forms } from '../forms.js';
import { flag, formed, later, object, use, type Schema } from '../json-schema.js';

const secretRef = (keys: Schema): Schema =>
  object('A Secret in the namespace of the run, which somebody else puts there.', ['name'], {
    name: use('ObjectName', 'Name of the Secret.', { examples: ['raw-s3'] }),
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
  readonly workloadIdentity: Schema;
  readonly instanceIdentity: Schema;
}

const credentials = (modes: Modes): Schema => ({
  ...object('How a run proves to the store who it is: exactly one of these.', [], {
    secretRef: secretRef(modes.secretKeys),
    anonymous: { description: 'No credentials: the store is public. Only true.', type: 'boolean', const: true },
    externalSecret: later('A Secret made by External Secrets.'),
    sealedSecret: later('A Secret made from a SealedSecret.'),
    sops: later('A Secret encrypted with SOPS.'),
    workloadIdentity: modes.workloadIdentity,
    instanceIdentity: modes.instanceIdentity,
  }),
  minProperties: 1,
  maxProperties: 1,
});

const key = (name: string, description: string): Schema => use('SecretKey', description, { default: name });
const uuid = (description: string): Schema => formed(description, forms.uuid, 36, { examples: ['01234567-89ab-cdef-0123-456789abcdef'] });

export const s3Credentials = credentials({
  secretKeys: object('Where the Secret calls its keys something else.', [], {
    access_key_id: key('access_key_id', 'Key in the Secret of the access key id.'),
    secret_access_key: key('secret_access_key', 'Key in the Secret of the secret access key.'),
    session_token: key('session_token', 'Key in the Secret of the session token, if there is one.'),
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
  workloadIdentity: workloadIdentity('An application or managed identity of Azure with a federated credential.', ['tenantId', 'clientId'], {
    tenantId: uuid('Id of the tenant (directory).'),
    clientId: uuid('Client id of the application or managed identity.'),
  }),
  instanceIdentity: instanceIdentity('A managed identity of the node.', {
    clientId: uuid('Client id of the managed identity. Default: the only one that the node has.'),
  }),
});
