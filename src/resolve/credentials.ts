import type { ConnectionSpec } from '../input/generated/types.js';
import type { ConnectionModel } from '../model/model.js';

/** Our names of the keys of a Secret, which are also its own unless `secretRef.keys` says otherwise. */
const s3Keys = ['access_key_id', 'secret_access_key', 'session_token'] as const;

/** Which keys of which Secret a connection reads; complete, ours -> theirs. `session_token` may be absent in the Secret. */
export function resolveCredentials(spec: ConnectionSpec): ConnectionModel['credentials'] {
  const { secretRef } = spec.credentials;
  return secretRef ? { kind: 'secret', secretName: secretRef.name, keys: secretKeys(spec) } : { kind: 'anonymous' };
}

function secretKeys(spec: ConnectionSpec): Readonly<Record<string, string>> {
  switch (spec.type) {
    case 's3': {
      const given = spec.credentials.secretRef?.keys;
      return Object.fromEntries(s3Keys.map((key) => [key, given?.[key] ?? key]));
    }
    case 'gcs':
      return { 'service_account.json': spec.credentials.secretRef?.keys?.['service_account.json'] ?? 'service_account.json' };
    case 'azureblob': {
      // The schema lets only one of the two be given.
      const given = spec.credentials.secretRef?.keys;
      return given?.sas_url === undefined ? { account_key: given?.account_key ?? 'account_key' } : { sas_url: given.sas_url };
    }
  }
}
