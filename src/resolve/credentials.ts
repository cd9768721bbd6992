import { connectionDefaults } from '../input/defaults.js';
import type { AzureblobConnectionSpec, ConnectionSpec, GcsConnectionSpec, S3ConnectionSpec } from '../input/generated/types.js';
import type { CredentialsModel, WorkloadIdentityModel } from '../model/model.js';

/** How a run proves who it is. The keys of a Secret are complete, ours -> theirs; `session_token` may be absent in the Secret. */
export function resolveCredentials(spec: ConnectionSpec): CredentialsModel {
  switch (spec.type) {
    case 's3':
      return s3Credentials(spec);
    case 'gcs':
      return gcsCredentials(spec);
    case 'azureblob':
      return azureblobCredentials(spec);
  }
}

/** Our names of the keys of a Secret, which are also its own unless `secretRef.keys` says otherwise. */
const s3Keys = ['access_key_id', 'secret_access_key', 'session_token'] as const;

function s3Credentials({ credentials: { secretRef, workloadIdentity, instanceIdentity } }: S3ConnectionSpec): CredentialsModel {
  if (secretRef) {
    return { kind: 'secret', secretName: secretRef.name, keys: Object.fromEntries(s3Keys.map((key) => [key, secretRef.keys?.[key] ?? key])) };
  }
  if (workloadIdentity) {
    const { roleArn } = workloadIdentity;
    return { ...nameOf(workloadIdentity), tokenAudience: 'sts.amazonaws.com', identity: { kind: 'workloadIdentity', roleArn } };
  }
  return instanceIdentity ? { kind: 'instance' } : { kind: 'anonymous' };
}

function gcsCredentials({ credentials: { secretRef, workloadIdentity, instanceIdentity } }: GcsConnectionSpec): CredentialsModel {
  const key = 'service_account.json';
  if (secretRef) return { kind: 'secret', secretName: secretRef.name, keys: { [key]: secretRef.keys?.[key] ?? key } };
  if (workloadIdentity) {
    const { audience, serviceAccount } = workloadIdentity;
    const identity = { kind: 'workloadIdentity', audience, ...(serviceAccount === undefined ? {} : { serviceAccount }) } as const;
    // What Google expects of a provider that names no audiences of its own.
    return { ...nameOf(workloadIdentity), tokenAudience: `https:${audience}`, identity };
  }
  return instanceIdentity ? { kind: 'instance' } : { kind: 'anonymous' };
}

function azureblobCredentials({ credentials: { secretRef, workloadIdentity, instanceIdentity } }: AzureblobConnectionSpec): CredentialsModel {
  if (secretRef) {
    // The schema lets only one of the two be given.
    const { account_key: key = 'account_key', sas_url: url } = secretRef.keys ?? {};
    return { kind: 'secret', secretName: secretRef.name, keys: url === undefined ? { account_key: key } : { sas_url: url } };
  }
  if (workloadIdentity) {
    const { tenantId, clientId } = workloadIdentity;
    return { ...nameOf(workloadIdentity), tokenAudience: 'api://AzureADTokenExchange', identity: { kind: 'workloadIdentity', tenantId, clientId } };
  }
  if (!instanceIdentity) return { kind: 'anonymous' };
  const { clientId } = instanceIdentity;
  return { kind: 'instance', ...(clientId === undefined ? {} : { clientId }) };
}

const nameOf = ({
  name,
  sharedIdentity: shared = connectionDefaults.sharedIdentity,
}: {
  readonly name: string;
  readonly sharedIdentity?: boolean;
}): Pick<WorkloadIdentityModel, 'kind' | 'name' | 'shared'> => ({ kind: 'workloadIdentity', name, shared });
