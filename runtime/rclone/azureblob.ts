import type { AzureblobConnection } from '../../src/contract/step-connection.js';
import { failure } from '../base/failure.js';
import type { StoreOptions } from './backend.js';
import { accountEndpoint, isOfContainer } from './endpoint.js';
import { inMessages, missingSecret, readSecret, type SecretFolder } from './secrets.js';

/** @see https://rclone.org/azureblob/#authentication */
export async function azureblobOptions(connection: AzureblobConnection, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { account, endpoint, credentials, tier } = connection;
  const own = secret ? await secretOptions(secret, connection) : {};
  return {
    plain: {
      type: 'azureblob',
      // The URL of a signature holds the account.
      ...('sas_url' in own ? {} : { account, ...(endpoint === undefined ? {} : { endpoint: accountEndpoint(endpoint, account) }) }),
      no_check_container: 'true',
      // As Azure spells it: rclone compares with what a blob has, and would set each one again.
      ...(tier === undefined ? {} : { access_tier: `${tier.slice(0, 1).toUpperCase()}${tier.slice(1)}` }),
      // From the environment, for a workload identity. It wins over whatever else is given.
      env_auth: String(credentials.kind === 'workloadIdentity'),
      // Blocks of 4 MiB in memory for each transfer; with rclone's 16 the largest `transfers.parallel`, 64, would take 4 GiB.
      upload_concurrency: '4',
      ...(credentials.kind === 'instance' ? managed(credentials) : {}),
    },
    secret: own,
    keyOf: { key: 'account_key' },
  };
}

const managed = ({ clientId }: { readonly clientId?: string }): Readonly<Record<string, string>> => ({
  use_msi: 'true',
  ...(clientId === undefined ? {} : { msi_client_id: clientId }),
});

/** Only the key that a connection names is mounted, so nothing is known of the other one. */
const signatureInstead = 'Where the Secret holds a URL with a shared access signature, say so: credentials.secretRef.keys: {sas_url: …}.';
const keyInstead = 'Where the Secret holds an account key, say so: credentials.secretRef.keys: {account_key: …}.';

/** Exactly one of the two that a Secret can hold. */
async function secretOptions(
  secret: SecretFolder,
  connection: AzureblobConnection,
): Promise<{ readonly key: string } | { readonly sas_url: string }> {
  const key = await readSecret(secret, 'account_key');
  const sasUrl = await readSecret(secret, 'sas_url');
  if (key !== undefined && sasUrl !== undefined) {
    throw failure('runtime/two-credentials', {
      connection: secret.connection,
      name: secret.name,
      keys: ['account_key', 'sas_url'].map((each) => inMessages(secret, each).key),
    });
  }
  if (key !== undefined) {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) {
      throw failure('runtime/bad-secret', {
        ...inMessages(secret, 'account_key'),
        problem: /^https?:/.test(key)
          ? 'is a URL and no account key; store a URL with a shared access signature as "sas_url"'
          : 'is no account key, which is Base64 text; store it as Azure shows it',
      });
    }
    return { key };
  }
  if (sasUrl === undefined) {
    const hint = Object.hasOwn(secret.keys, 'sas_url') ? keyInstead : signatureInstead;
    throw missingSecret(secret, Object.keys(secret.keys), Object.keys(secret.keys).length === 1 ? hint : undefined);
  }
  if (!/^https?:\/\/[^/?#\s]+\/[^?#\s]*\?\S*\bsig=/.test(sasUrl)) {
    throw failure('runtime/bad-secret', {
      ...inMessages(secret, 'sas_url'),
      problem: 'is not the URL of a container with its shared access signature (https://ACCOUNT.blob.core.windows.net/CONTAINER?…&sig=…)',
    });
  }
  if (!isOfContainer(sasUrl, connection)) {
    throw failure('runtime/bad-secret', {
      ...inMessages(secret, 'sas_url'),
      problem: `is a URL of another host, account or container than the connection names (${connection.endpoint ?? 'an endpoint of Azure'}, ${connection.account}, ${connection.container}); store one of these, or correct the connection`,
    });
  }
  return { sas_url: sasUrl };
}
