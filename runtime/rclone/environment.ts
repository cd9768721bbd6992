import { join } from 'node:path';
import { files, identityToken } from '../../src/contract/paths.js';
import type { StepConfig } from '../../src/contract/step-config.js';
import type { GoogleIdentity, StepConnection } from '../../src/contract/step-connection.js';

/** Where the steps of rclone find what a variable names. */
export interface Folders {
  readonly rclone: string;
  /** Asked for only where a connection has a workload identity. */
  identity(): string;
  /** Asked for only where a connection brings certificates. */
  ca(): string;
}

/**
 * What the steps of rclone need in their environment to reach the stores, one `NAME=value` a line: the identities, the
 * authorities and the proxy. Nothing of it is secret, and no value holds a line break (`parseStepConfig`). It is a file and not
 * in the Task, which would have it three times.
 */
export function environmentFile({ connections, proxy }: StepConfig, folders: Folders): string {
  const all = Object.values(connections);
  const variables: Readonly<Record<string, string>> = {
    ...(Object.assign({}, ...all.map((connection) => identityVariables(connection, folders))) as Readonly<Record<string, string>>),
    // Go reads the authorities of the system and, besides, those in these folders; rclone's --ca-cert would leave out the system's.
    ...(all.some(({ ca }) => ca) ? { SSL_CERT_DIR: folders.ca() } : {}),
    ...(proxy ? { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ...(proxy.noProxy.length > 0 ? { NO_PROXY: proxy.noProxy.join(',') } : {}) } : {}),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/**
 * What a cloud's own library inside rclone asks for. The token is a file, `<kind of store>` in the `identity` volume, with the
 * audience that its cloud wants. The variables are one set for each cloud, so a job has one identity of each:
 * `parseStepConfig` refuses more.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 * @see https://azure.github.io/azure-workload-identity/docs/
 */
function identityVariables(connection: StepConnection, { identity, rclone }: Folders): Readonly<Record<string, string>> {
  if (connection.credentials.kind !== 'workloadIdentity') return {};
  const token = identityToken(identity(), connection.type);
  switch (connection.type) {
    case 's3':
      return {
        AWS_REGION: connection.region,
        AWS_ROLE_ARN: connection.credentials.roleArn,
        AWS_ROLE_SESSION_NAME: 'millrace',
        AWS_WEB_IDENTITY_TOKEN_FILE: token,
      };
    case 'gcs':
      return { GOOGLE_APPLICATION_CREDENTIALS: join(rclone, files.googleIdentity) };
    case 'azureblob': {
      const { tenantId, clientId } = connection.credentials;
      return { AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: token, AZURE_TENANT_ID: tenantId };
    }
  }
}

/**
 * The file that tells Google's library where the token is and what to change it for. Written by configure-rclone.
 * @see https://google.aip.dev/auth/4117
 */
export const googleIdentityFile = ({ audience, serviceAccount }: GoogleIdentity, token: string): string =>
  JSON.stringify({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    credential_source: { file: token },
    ...(serviceAccount === undefined
      ? {}
      : {
          service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`,
        }),
  });
