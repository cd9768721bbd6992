/** A connection as the runtime is told of it: where the store is, and how a run proves to it who it is. */

/** Where a store is. */
export type StepBackend = S3Backend | GcsBackend | AzureblobBackend;

/** What every kind of store may have. */
interface AnyBackend {
  readonly endpoint?: string;
  /** Certificates that are believed besides the well-known ones: `$MILLRACE_CA/<connection>.crt`; this is for messages. */
  readonly ca?: { readonly name: string; readonly key: string };
}

export interface S3Backend extends AnyBackend {
  readonly type: 's3';
  readonly bucket: string;
  readonly region: string;
  readonly pathStyle?: boolean;
  /** How the store encrypts what is written; `keyId` only with `aws:kms`. */
  readonly sse?: { readonly type: 'AES256' | 'aws:kms'; readonly keyId?: string };
  readonly storageClass?: string;
  readonly requesterPays?: boolean;
}

export interface GcsBackend extends AnyBackend {
  readonly type: 'gcs';
  readonly bucket: string;
  readonly projectNumber?: string;
  readonly storageClass?: string;
  /** Id of the project that pays. */
  readonly quotaProject?: string;
}

export interface AzureblobBackend extends AnyBackend {
  readonly type: 'azureblob';
  readonly account: string;
  readonly container: string;
  readonly tier?: string;
}

/** The store is public. */
export interface NoCredentials {
  readonly kind: 'anonymous';
}

/** Keys in a Secret, which are files: `$MILLRACE_CREDENTIALS/<connection>/<our key>`. */
export interface SecretCredentials {
  readonly kind: 'secret';
  /** Name of the Secret, for messages. */
  readonly name: string;
  /** Our name of a key, which is its file's, -> the key in the Secret, for messages. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * The identity of the machine that the run is on, which its metadata server or an agent vouches for: an instance role of
 * AWS, a service account of Google's compute, a managed identity of Azure. Whatever runs in the pod can use it.
 */
export interface InstanceIdentity {
  readonly kind: 'instance';
}

export interface ManagedIdentity extends InstanceIdentity {
  /** Which one, where the machine has several. */
  readonly clientId?: string;
}

/** A token of the run's own service account, which the cloud changes for a credential: see identity-env.ts. */
export interface AwsIdentity {
  readonly kind: 'workloadIdentity';
  readonly roleArn: string;
}

export interface GoogleIdentity {
  readonly kind: 'workloadIdentity';
  /** Of the provider in the workload identity pool: `//iam.googleapis.com/projects/…/providers/…`. */
  readonly audience: string;
  /** E-mail address of the service account to act as. Absent: the federated identity itself has the rights. */
  readonly serviceAccount?: string;
}

export interface AzureIdentity {
  readonly kind: 'workloadIdentity';
  readonly tenantId: string;
  readonly clientId: string;
}

type Anywhere = NoCredentials | SecretCredentials;

export type S3Connection = S3Backend & { readonly credentials: Anywhere | InstanceIdentity | AwsIdentity };
export type GcsConnection = GcsBackend & { readonly credentials: Anywhere | InstanceIdentity | GoogleIdentity };
export type AzureblobConnection = AzureblobBackend & { readonly credentials: Anywhere | ManagedIdentity | AzureIdentity };

/** Exactly one way of proving who a run is: none can be added to another. */
export type StepConnection = S3Connection | GcsConnection | AzureblobConnection;
