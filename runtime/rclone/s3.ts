import type { S3Connection } from '../../src/contract/step-connection.js';
import type { StoreOptions } from './backend.js';
import { readSecret, requireSecret, type SecretFolder } from './secrets.js';

/** @see https://rclone.org/s3/#authentication */
export async function s3Options(connection: S3Connection, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { region, endpoint, pathStyle, credentials, sse, storageClass, requesterPays } = connection;
  const token = secret && (await readSecret(secret, 'session_token'));
  return {
    plain: {
      type: 's3',
      provider: endpoint === undefined ? 'AWS' : 'Other',
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(pathStyle === undefined ? {} : { force_path_style: String(pathStyle) }),
      // No ACL is ever asked for: rclone sends none unless it is told to, and buckets without ACLs refuse every one.
      ...(sse === undefined ? {} : { server_side_encryption: sse.type, ...(sse.keyId === undefined ? {} : { sse_kms_key_id: sse.keyId }) }),
      ...(storageClass === undefined ? {} : { storage_class: storageClass }),
      ...(requesterPays === true ? { requester_pays: 'true' } : {}),
      // Otherwise a typing mistake in the bucket's name makes a new bucket, or needs the right to make one.
      no_check_bucket: 'true',
      // From the environment, for a workload identity, or from the machine: AWS' library looks in this order.
      env_auth: String(credentials.kind === 'workloadIdentity' || credentials.kind === 'instance'),
    },
    secret: secret
      ? {
          access_key_id: await requireSecret(secret, 'access_key_id'),
          secret_access_key: await requireSecret(secret, 'secret_access_key'),
          ...(token === undefined ? {} : { session_token: token }),
        }
      : {},
  };
}
