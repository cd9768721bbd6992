import { assertInvariant } from '../base/assert.js';
import { connectionDefaults } from '../input/defaults.js';
import type { ConnectionSpec } from '../input/generated/types.js';
import type { SecretFile } from '../input/secret-file/secret-file.js';
import type { CredentialsModel, WorkloadIdentityModel } from '../model/model.js';
import type { ConnectionDefinition } from './definition.js';
import { connectionSecretName, remoteKeys } from './secret-source.js';

/**
 * How a run proves who it is. The keys of a Secret are complete, ours -> theirs; `session_token` may be absent in the Secret.
 * @param files the encrypted Secrets that the connection lists, as far as they are there
 */
export function resolveCredentials({ name, spec }: Pick<ConnectionDefinition, 'name' | 'spec'>, files: readonly SecretFile[] = []): CredentialsModel {
  const { secretRef, externalSecret, sealedSecret, sops, workloadIdentity, instanceIdentity } = spec.credentials;
  if (secretRef) return { kind: 'secret', secretName: secretRef.name, keys: secretKeys(spec, secretRef.keys) };
  if (externalSecret) {
    return { kind: 'secret', secretName: connectionSecretName(name), keys: Object.fromEntries(remoteKeys(spec).map(([key]) => [key, key])) };
  }
  const mode = sealedSecret ?? sops;
  // Where no file is there, which is reported, the name is of no use.
  if (mode) return { kind: 'secret', secretName: files[0]?.name ?? connectionSecretName(name), keys: secretKeys(spec, mode.keys) };
  if (workloadIdentity) return resolveIdentity(spec);
  if (!instanceIdentity) return { kind: 'anonymous' };
  const clientId = 'clientId' in instanceIdentity ? instanceIdentity.clientId : undefined;
  return { kind: 'instance', ...(clientId === undefined ? {} : { clientId }) };
}

/** Our names of the keys of a Secret, which are also its own unless the connection says otherwise. */
const s3Keys = ['access_key_id', 'secret_access_key', 'session_token'] as const;

/** Our names of the keys that a Secret need not have. */
export const optionalKeys: ReadonlySet<string> = new Set(['session_token']);

type SecretKeys = Readonly<Partial<Record<string, string>>>;

function secretKeys({ type }: ConnectionSpec, given: SecretKeys = {}): Readonly<Record<string, string>> {
  switch (type) {
    case 's3':
      return Object.fromEntries(s3Keys.map((key) => [key, given[key] ?? key]));
    case 'gcs':
      return { 'service_account.json': given['service_account.json'] ?? 'service_account.json' };
    case 'azureblob': {
      // The schema lets only one of the two be given.
      const { account_key: key = 'account_key', sas_url: url } = given;
      return url === undefined ? { account_key: key } : { sas_url: url };
    }
  }
}

/** The audience of the token is the one that each cloud's own setup of federation proposes. */
function resolveIdentity(spec: ConnectionSpec): CredentialsModel {
  switch (spec.type) {
    case 's3': {
      const { workloadIdentity } = spec.credentials;
      assertInvariant(workloadIdentity, 'the connection has a workload identity');
      const { roleArn } = workloadIdentity;
      return { ...nameOf(workloadIdentity), tokenAudience: 'sts.amazonaws.com', identity: { kind: 'workloadIdentity', roleArn } };
    }
    case 'gcs': {
      const { workloadIdentity } = spec.credentials;
      assertInvariant(workloadIdentity, 'the connection has a workload identity');
      const { audience, serviceAccount } = workloadIdentity;
      const identity = { kind: 'workloadIdentity', audience, ...(serviceAccount === undefined ? {} : { serviceAccount }) } as const;
      return { ...nameOf(workloadIdentity), tokenAudience: `https:${audience}`, identity };
    }
    case 'azureblob': {
      const { workloadIdentity } = spec.credentials;
      assertInvariant(workloadIdentity, 'the connection has a workload identity');
      const { tenantId, clientId } = workloadIdentity;
      return { ...nameOf(workloadIdentity), tokenAudience: 'api://AzureADTokenExchange', identity: { kind: 'workloadIdentity', tenantId, clientId } };
    }
  }
}

const nameOf = ({
  name,
  sharedIdentity: shared = connectionDefaults.sharedIdentity,
}: {
  readonly name: string;
  readonly sharedIdentity?: boolean;
}): Pick<WorkloadIdentityModel, 'kind' | 'name' | 'shared'> => ({ kind: 'workloadIdentity', name, shared });
