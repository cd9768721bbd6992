/** The decoders of the connections in StepConfig. */
import { boolean, fields, matching, oneOf, variants, type Decoder } from './decode.js';
import type { SecretCredentials, StepConnection } from './step-connection.js';

const bucket = matching('a bucket name', /^[A-Za-z0-9][-A-Za-z0-9._]*$/);
export const endpoint = matching('an http or https address', /^https?:\/\/[^\s"'`@?#]+$/);
const secretName = matching('the name of a Secret', /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/);
const secretKey = matching('a key of a Secret', /^[-._A-Za-z0-9]{1,253}$/);
const uuid = matching('a UUID', /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);

const anonymous = fields({ kind: oneOf('anonymous') });
const instance = fields({ kind: oneOf('instance') });
/** Which keys a Secret has is a matter of the store; the left side are our names. */
const secret = (keys: Decoder<Readonly<Record<string, string>>>): Decoder<SecretCredentials> =>
  fields({ kind: oneOf('secret'), name: secretName, keys });

const s3 = variants('kind', {
  anonymous,
  secret: secret(fields({ access_key_id: secretKey, secret_access_key: secretKey }, { session_token: secretKey })),
  instance,
  workloadIdentity: fields({
    kind: oneOf('workloadIdentity'),
    roleArn: matching('the ARN of a role', /^arn:aws[-a-z]*:iam::[0-9]{12}:role\/[-\w+=,.@/]{1,512}$/),
  }),
});

const gcs = variants('kind', {
  anonymous,
  secret: secret(fields({ 'service_account.json': secretKey })),
  instance,
  workloadIdentity: fields(
    {
      kind: oneOf('workloadIdentity'),
      audience: matching('the audience of a provider of identities', /^\/\/iam\.googleapis\.com\/[-\w./]{1,512}$/),
    },
    { serviceAccount: matching('the address of a service account', /^[-a-z0-9]{1,63}@[-a-z0-9.]{1,253}$/) },
  ),
});

const azureblob = variants('kind', {
  anonymous,
  secret: secret(fields({}, { account_key: secretKey, sas_url: secretKey })),
  instance: fields({ kind: oneOf('instance') }, { clientId: uuid }),
  workloadIdentity: fields({ kind: oneOf('workloadIdentity'), tenantId: uuid, clientId: uuid }),
});

const ca = fields({ name: secretName, key: secretKey });
const storageClass = matching('a storage class', /^[A-Z][A-Z_]{1,63}$/);
const sse = fields(
  { type: oneOf('AES256', 'aws:kms') },
  { keyId: matching('the id, ARN or alias of a key', /^(?:arn:aws[-a-z]*:kms:[-a-z0-9]+:[0-9]{12}:(?:key|alias)\/|alias\/)?[-\w/]+$/) },
);

export const connection: Decoder<StepConnection> = variants('type', {
  s3: fields(
    { type: oneOf('s3'), bucket, region: matching('a region', /^[A-Za-z0-9][-A-Za-z0-9_]*$/), credentials: s3 },
    { endpoint, ca, pathStyle: boolean, sse, storageClass, requesterPays: boolean },
  ),
  gcs: fields(
    { type: oneOf('gcs'), bucket, credentials: gcs },
    {
      projectNumber: matching('digits', /^[0-9]+$/),
      endpoint,
      ca,
      storageClass,
      quotaProject: matching('the id of a project', /^[a-z0-9][-a-z0-9.:]*$/),
    },
  ),
  azureblob: fields(
    {
      type: oneOf('azureblob'),
      account: matching('a storage account', /^[a-z0-9]+$/),
      container: matching('a container name', /^\$?[a-z0-9][-a-z0-9._]*$/),
      credentials: azureblob,
    },
    { endpoint, ca, tier: oneOf('hot', 'cool', 'cold') },
  ),
});
