import type { GcsConnection } from '../../src/contract/step-connection.js';
import type { StoreOptions } from './backend.js';
import { jsonApiEndpoint } from './endpoint.js';
import { requireSecret, type SecretFolder } from './secrets.js';
import { serviceAccountLine } from './service-account.js';

/** @see https://rclone.org/googlecloudstorage/#standard-options */
export async function gcsOptions(connection: GcsConnection, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { projectNumber, endpoint, credentials, storageClass, quotaProject } = connection;
  return {
    plain: {
      type: 'google cloud storage',
      ...(projectNumber === undefined ? {} : { project_number: projectNumber }),
      ...(endpoint === undefined ? {} : { endpoint: jsonApiEndpoint(endpoint) }),
      ...(storageClass === undefined ? {} : { storage_class: storageClass }),
      ...(quotaProject === undefined ? {} : { user_project: quotaProject }),
      // Buckets with uniform access refuse every upload that sets an ACL.
      bucket_policy_only: 'true',
      no_check_bucket: 'true',
      // From the file that the environment names, for a workload identity, or from the machine's metadata server.
      env_auth: String(credentials.kind === 'workloadIdentity' || credentials.kind === 'instance'),
      ...(credentials.kind === 'anonymous' ? { anonymous: 'true' } : {}),
    },
    secret: secret
      ? { service_account_credentials: serviceAccountLine(await requireSecret(secret, 'service_account.json', 'document'), secret, endpoint) }
      : {},
    keyOf: { service_account_credentials: 'service_account.json' },
  };
}
