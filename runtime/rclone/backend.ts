import type { StepBackend, StepConnection } from '../../src/contract/step-config.js';
import { failure } from '../base/failure.js';
import { configValueProblem } from './config-file.js';
import { inMessages, missingSecret, readSecret, requireSecret, type SecretFolder } from './secrets.js';
import { serviceAccountLine } from './service-account.js';

type Options = Readonly<Record<string, string>>;

/**
 * The options of the remote for one connection. Exactly one way of proving who we are is ever written: the backends
 * differ in which one wins where there are several.
 * @param credentials the folder below which the Secrets are mounted, by connection
 */
export async function backendOptions(name: string, connection: StepConnection, credentials: string): Promise<Options> {
  const secret: SecretFolder | undefined =
    connection.credentials.kind === 'secret' ? { ...connection.credentials, connection: name, folder: `${credentials}/${name}` } : undefined;
  const own = await storeOptions(connection, secret);
  for (const [key, value] of Object.entries(own.secret)) {
    const problem = configValueProblem(value);
    if (secret && problem !== undefined) throw failure('runtime/bad-secret', { ...inMessages(secret, own.keyOf[key] ?? key), problem });
  }
  return { ...own.plain, ...own.secret };
}

interface StoreOptions {
  readonly plain: Options;
  readonly secret: Options;
  /** The Secret's key that an option comes from, where it is called otherwise. */
  readonly keyOf: Readonly<Record<string, string>>;
}

function storeOptions(backend: StepBackend, secret: SecretFolder | undefined): Promise<StoreOptions> {
  switch (backend.type) {
    case 's3':
      return s3(backend, secret);
    case 'gcs':
      return gcs(backend, secret);
    case 'azureblob':
      return azureblob(backend, secret);
  }
}

async function s3(backend: StepBackend & { readonly type: 's3' }, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { region, endpoint, pathStyle } = backend;
  const token = secret && (await readSecret(secret, 'session_token'));
  return {
    plain: {
      type: 's3',
      provider: endpoint === undefined ? 'AWS' : 'Other',
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(pathStyle === undefined ? {} : { force_path_style: String(pathStyle) }),
      // Otherwise a typing mistake in the bucket's name makes a new bucket, or needs the right to make one.
      no_check_bucket: 'true',
      env_auth: 'false',
    },
    secret: secret
      ? {
          access_key_id: await requireSecret(secret, 'access_key_id'),
          secret_access_key: await requireSecret(secret, 'secret_access_key'),
          ...(token === undefined ? {} : { session_token: token }),
        }
      : {},
    keyOf: {},
  };
}

async function gcs(backend: StepBackend & { readonly type: 'gcs' }, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { projectNumber, endpoint } = backend;
  return {
    plain: {
      type: 'google cloud storage',
      ...(projectNumber === undefined ? {} : { project_number: projectNumber }),
      ...(endpoint === undefined ? {} : { endpoint: jsonApiEndpoint(endpoint) }),
      // Buckets with uniform access refuse every upload that sets an ACL.
      bucket_policy_only: 'true',
      no_check_bucket: 'true',
      env_auth: 'false',
      ...(secret ? {} : { anonymous: 'true' }),
    },
    secret: secret
      ? { service_account_credentials: serviceAccountLine(await requireSecret(secret, 'service_account.json', 'document'), secret) }
      : {},
    keyOf: { service_account_credentials: 'service_account.json' },
  };
}

/** Only the key that a connection names is mounted, so nothing is known of the other one. */
const signatureInstead = 'Where the Secret holds a URL with a shared access signature, say so: credentials.secretRef.keys: {sas_url: …}.';
const keyInstead = 'Where the Secret holds an account key, say so: credentials.secretRef.keys: {account_key: …}.';

/** What every remote of Azure has. */
const azureAlways = {
  no_check_container: 'true',
  env_auth: 'false',
  // Blocks of 4 MiB in memory for each transfer; with rclone's 16 the largest `transfers.parallel`, 64, would take 4 GiB.
  upload_concurrency: '4',
} as const;

async function azureblob(backend: StepBackend & { readonly type: 'azureblob' }, secret: SecretFolder | undefined): Promise<StoreOptions> {
  const { account, endpoint } = backend;
  const plain = {
    type: 'azureblob',
    account,
    ...(endpoint === undefined ? {} : { endpoint: accountEndpoint(endpoint, account) }),
    ...azureAlways,
  };
  if (!secret) return { plain, secret: {}, keyOf: {} };
  const key = await readSecret(secret, 'account_key');
  const sasUrl = await readSecret(secret, 'sas_url');
  const keyOf = { key: 'account_key' };
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
    return { plain, secret: { key }, keyOf };
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
  // The account is part of the URL.
  return { plain: { type: 'azureblob', ...azureAlways }, secret: { sas_url: sasUrl }, keyOf };
}

/** Scheme, host and path of an endpoint, which the compiler writes without path. */
const endpointPattern = /^(https?:\/\/([^/]+))(\/.*)?$/;

/** rclone wants the path of Google's JSON API behind the host. */
function jsonApiEndpoint(endpoint: string): string {
  const [, origin = endpoint, , path = '/'] = endpointPattern.exec(endpoint) ?? [];
  return path === '/' ? `${origin}/storage/v1/` : endpoint;
}

/** Azure's clouds have the account in the host, emulators and appliances have it as the first part of the path. */
function accountEndpoint(endpoint: string, account: string): string {
  const [, origin = endpoint, host = '', path = '/'] = endpointPattern.exec(endpoint) ?? [];
  if (path !== '/') return endpoint;
  return host.startsWith(`${account}.`) ? origin : `${origin}/${account}`;
}
