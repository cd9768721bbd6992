import type { StepConnection } from '../../src/contract/step-connection.js';
import { failure } from '../base/failure.js';
import { azureblobOptions } from './azureblob.js';
import { configValueProblem } from './config-file.js';
import { gcsOptions } from './gcs.js';
import { s3Options } from './s3.js';
import { inMessages, type SecretFolder } from './secrets.js';

type Options = Readonly<Record<string, string>>;

/** The options of one remote. */
export interface StoreOptions {
  readonly plain: Options;
  /** Options that hold the values of a Secret. */
  readonly secret: Options;
  /** The Secret's key that an option comes from, where it is called otherwise. */
  readonly keyOf?: Readonly<Record<string, string>>;
}

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
    if (secret && problem !== undefined) throw failure('runtime/bad-secret', { ...inMessages(secret, own.keyOf?.[key] ?? key), problem });
  }
  return { ...own.plain, ...own.secret };
}

async function storeOptions(connection: StepConnection, secret: SecretFolder | undefined): Promise<StoreOptions> {
  switch (connection.type) {
    case 's3':
      return s3Options(connection, secret);
    case 'gcs':
      return gcsOptions(connection, secret);
    case 'azureblob':
      return azureblobOptions(connection, secret);
  }
}
