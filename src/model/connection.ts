/** Connections, and what makes the Secrets and identities of those who use them. */
import type { StepBackend } from '../contract/step-config.js';
import type { AwsIdentity, AzureIdentity, GoogleIdentity, InstanceIdentity, ManagedIdentity } from '../contract/step-connection.js';
import type { Place } from '../diagnostics/diagnostic.js';

/** A store, and how a run proves to it who it is. */
export interface ConnectionModel {
  readonly name: string;
  readonly backend: StepBackend;
  readonly defaultPath: string | undefined;
  readonly credentials: CredentialsModel;
  readonly proxy: ProxyModel | undefined;
  readonly place: Place;
}

/** What proves who a run is. */
export type CredentialsModel =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'secret'; readonly secretName: string; /** ours -> theirs, complete */ readonly keys: Readonly<Record<string, string>> }
  | InstanceIdentity
  | ManagedIdentity
  | WorkloadIdentityModel;

/** A token of the run's own service account, and what the cloud changes it for. */
export interface WorkloadIdentityModel {
  readonly kind: 'workloadIdentity';
  /** The ServiceAccount of its runs is named after it. */
  readonly name: string;
  /** Its runs may have another identity, too. */
  readonly shared: boolean;
  /** What the token is for, as its cloud wants it. */
  readonly tokenAudience: string;
  readonly identity: AwsIdentity | GoogleIdentity | AzureIdentity;
}

/** What makes the Secret of a connection in one namespace; `name` is that of the Secret. */
export type NamespaceSecret =
  | {
      readonly kind: 'external';
      readonly connection: string;
      readonly name: string;
      readonly store: { readonly kind: 'SecretStore' | 'ClusterSecretStore'; readonly name: string };
      readonly refreshSeconds: number;
      readonly deletionPolicy: 'Retain' | 'Delete';
      /** Sorted by `secretKey`, our own name of the key. */
      readonly data: readonly { readonly secretKey: string; readonly key: string; readonly property?: string; readonly version?: string }[];
    }
  | {
      readonly kind: 'sealed';
      readonly connection: string;
      readonly name: string;
      readonly path: string;
      readonly scope: 'strict' | 'namespace-wide' | 'cluster-wide';
      readonly encryptedData: Readonly<Record<string, string>>;
    }
  /** Encrypted with SOPS: a file that is passed on as it is. */
  | { readonly kind: 'encrypted'; readonly connection: string; readonly name: string; readonly path: string; readonly text: string };

/** An HTTP proxy; the address has no user. */
export interface ProxyModel {
  readonly url: string;
  /** Hosts, domains and networks that are reached without it, as the author lists them. */
  readonly noProxy: readonly string[];
}
