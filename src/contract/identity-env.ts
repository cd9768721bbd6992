import { files, mountPaths } from './paths.js';
import type { GoogleIdentity, StepConnection } from './step-connection.js';

/**
 * What the clouds' own libraries inside rclone need for the workload identities of a job, for the environment of the
 * rclone steps and of no other one. None of it is secret; the token is a file, `<kind of store>` in the `identity`
 * volume, with the audience that its cloud wants. The variables are one set for each cloud, so a job has one identity
 * of each: `parseStepConfig` refuses more.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 * @see https://azure.github.io/azure-workload-identity/docs/
 */
export const identityEnv = (connections: Readonly<Record<string, StepConnection>>): Readonly<Record<string, string>> =>
  Object.assign({}, ...Object.values(connections).map(variablesOf)) as Readonly<Record<string, string>>;

/** Where the token of the run's service account for a kind of store lies. */
export const identityToken = (folder: string, type: StepConnection['type']): string => `${folder}/${type}`;

function variablesOf(connection: StepConnection): Readonly<Record<string, string>> {
  if (connection.credentials.kind !== 'workloadIdentity') return {};
  const token = identityToken(mountPaths.identity, connection.type);
  switch (connection.type) {
    case 's3':
      return {
        AWS_REGION: connection.region,
        AWS_ROLE_ARN: connection.credentials.roleArn,
        AWS_ROLE_SESSION_NAME: 'millrace',
        AWS_WEB_IDENTITY_TOKEN_FILE: token,
      };
    case 'gcs':
      return { GOOGLE_APPLICATION_CREDENTIALS: `${mountPaths.rclone}/${files.googleIdentity}` };
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
