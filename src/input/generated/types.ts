// Generated from the schemas in src/input/ by `npm run generate`; change those, not this file.

/** Teams, what they may do, and where. */
export interface AccessRule {
  /** The teams. */
  readonly teams: readonly string[];
  /** What they may do. */
  readonly modes: readonly ('read' | 'write')[];
  /** Where: folders counted from the bucket's root, each ending in "/"; "/" is the whole bucket, and the default. */
  readonly prefixes?: readonly string[];
}

/** A store of External Secrets, and what of it. */
export interface AllowedSecretStore {
  /** Name of the store. */
  readonly name: string;
  /**
   * SecretStore: in the namespace of the team. ClusterSecretStore: one for the cluster.
   * @default "SecretStore"
   */
  readonly kind?: 'SecretStore' | 'ClusterSecretStore';
  /** Entries of it: names, or beginnings of names followed by "*". */
  readonly keys: readonly string[];
}

/** An Argo CD Application for each folder of the output. */
export interface ArgocdGitops {
  /** What brings the output to the cluster. */
  readonly engine: 'argocd';
  /** Where the engine reads the repository: https:// or ssh://, without a password. */
  readonly repoURL: string;
  /**
   * Branch that the engine follows.
   * @default "main"
   */
  readonly revision?: string;
  /**
   * Folder of the output in the repository.
   * @default "dist"
   */
  readonly path?: string;
  /**
   * Namespace of the Applications.
   * @default "argocd"
   */
  readonly namespace?: string;
  /**
   * Project of the Applications.
   * @default "default"
   */
  readonly project?: string;
}

/** Arrival of data that starts a job. */
export interface ArrivalEvent {
  /** Name of the event, unique in the service. At most 17 characters. */
  readonly name: string;
  /** Caller of the Platform that sends the events of the store. */
  readonly caller: string;
  /** Where data arrives: the folder in which the marker lies, there or below, is what the job reads. Default: the service's own folder. */
  readonly dataSource?: OverrideRule;
  /**
   * Name of the object that is written last and says that its folder is complete. No other object starts a job.
   * @default "_SUCCESS"
   */
  readonly marker?: string;
}

/** A container of Azure Blob Storage. */
export interface AzureblobConnectionSpec {
  /** Kind of store. */
  readonly type: 'azureblob';
  /** Name of the storage account, at most 24 characters. */
  readonly account: string;
  /** Name of the container, at most 63 characters. */
  readonly container: string;
  /** Where the store answers. Default: the provider's own endpoint. */
  readonly endpoint?: string;
  /** Path of a reference that gives none; never joined to one. Default: none, a reference must give its path. */
  readonly defaultPath?: string;
  /** Who may use the connection, and for what. Nobody may who is not listed; in a team's own connection the list may be left out: the team may read and write. */
  readonly access?: readonly AccessRule[];
  /** How a run proves to the store who it is: exactly one of these. */
  readonly credentials: {
    /** A Secret in the namespace of the run, which somebody else puts there. */
    readonly secretRef?: {
      /** Name of the Secret. */
      readonly name: string;
      /** Which of the two the Secret holds, and under what key. Default: account_key. */
      readonly keys?: {
        /**
         * Key in the Secret of the storage account's key.
         * @default "account_key"
         */
        readonly account_key?: string;
        /**
         * Key in the Secret of the container's URL with its shared access signature.
         * @default "sas_url"
         */
        readonly sas_url?: string;
      };
    };
    /** No credentials: the store is public. Only true. */
    readonly anonymous?: true;
    /** A Secret that External Secrets makes in every namespace that uses the connection: millrace-connection-NAME. */
    readonly externalSecret?: {
      /** The store of External Secrets that has the values. */
      readonly secretStoreRef: {
        /** Name of the store. */
        readonly name: string;
        /**
         * SecretStore: in every namespace that uses the connection. ClusterSecretStore: one for the cluster.
         * @default "SecretStore"
         */
        readonly kind?: 'SecretStore' | 'ClusterSecretStore';
      };
      /**
       * How often the values are read anew.
       * @default "1h"
       */
      readonly refreshInterval?: string;
      /**
       * What becomes of the Secret when the store has a value no longer. Retain: it stays as it is. Delete: it is removed.
       * @default "Retain"
       */
      readonly deletionPolicy?: 'Retain' | 'Delete';
      /** Which of the two the store has, and where. */
      readonly keys: {
        /** The storage account's key. */
        readonly account_key?: RemoteKey;
        /** The container's URL with its shared access signature. */
        readonly sas_url?: RemoteKey;
      };
    };
    /** A Secret that lies in the repository as SealedSecrets. */
    readonly sealedSecret?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Which of the two the Secret holds, and under what key. Default: account_key. */
      readonly keys?: {
        /**
         * Key in the Secret of the storage account's key.
         * @default "account_key"
         */
        readonly account_key?: string;
        /**
         * Key in the Secret of the container's URL with its shared access signature.
         * @default "sas_url"
         */
        readonly sas_url?: string;
      };
    };
    /** A Secret that lies in the repository encrypted with SOPS; Flux decrypts it. */
    readonly sops?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Which of the two the Secret holds, and under what key. Default: account_key. */
      readonly keys?: {
        /**
         * Key in the Secret of the storage account's key.
         * @default "account_key"
         */
        readonly account_key?: string;
        /**
         * Key in the Secret of the container's URL with its shared access signature.
         * @default "sas_url"
         */
        readonly sas_url?: string;
      };
    };
    /** An application or managed identity of Azure with a federated credential. */
    readonly workloadIdentity?: {
      /** Name of the identity: its runs have the ServiceAccount millrace-run-NAME, which is the subject that the cloud must trust. At most 40 characters. */
      readonly name: string;
      /**
       * Agree to runs that have another identity, too. All identities of one run have one name, and so one ServiceAccount.
       * @default false
       */
      readonly sharedIdentity?: boolean;
      /** Id of the tenant (directory). */
      readonly tenantId: string;
      /** Client id of the application or managed identity. */
      readonly clientId: string;
    };
    /** A managed identity of the node. */
    readonly instanceIdentity?: {
      /** Agree that the predictor can use the identity as well: whatever runs in the pod can ask for it. Only true. */
      readonly sharedIdentity: true;
      /** Client id of the managed identity. Default: the only one that the node has. */
      readonly clientId?: string;
    };
  };
  /** Access tier of what is written; archive cannot be read at once. Default: the account's. */
  readonly tier?: 'hot' | 'cool' | 'cold';
  /** Certificates of authorities that the store's is checked against, besides the well-known ones. */
  readonly caBundle?: CaBundle;
  /** An HTTP proxy on the way to the store. Default: none. */
  readonly proxy?: ProxySettings;
}

/** A ConfigMap in the namespace of the run with certificates of authorities. */
export interface CaBundle {
  /** The ConfigMap. */
  readonly configMap: {
    /** Name of the ConfigMap. */
    readonly name: string;
    /**
     * Its key that holds the certificates, in PEM form.
     * @default "ca.crt"
     */
    readonly key?: string;
  };
}

/** A system that may start jobs by webhook. */
export interface Caller {
  /** Name of the caller, recorded with each run. At most 56 characters. */
  readonly name: string;
  /** How the caller proves who it is. hmac: X-Hub-Signature-256 over the body; token: the token itself in X-Millrace-Token. */
  readonly auth: 'hmac' | 'token';
  /**
   * What the caller sends. job: bodies of jobs. eventbridge, minio: events of a store, which start services that have the caller under triggers.events; needs auth: token, and MinIO sends the token as Authorization: Bearer.
   * @default "job"
   */
  readonly sends?: 'job' | 'eventbridge' | 'minio';
  /** The Secret that holds the HMAC key or token; in every namespace whose services the caller may call. */
  readonly secretRef: {
    /** Name of the Secret. */
    readonly name: string;
    /** Where the Secret calls its keys something else. */
    readonly keys?: {
      /**
       * Key of the token or HMAC key in the Secret.
       * @default "token"
       */
      readonly token?: string;
    };
  };
  /** Services that the caller may call: "*" for all, TEAM/* for those of a team, TEAM/SERVICE for one. */
  readonly services: readonly string[];
}

/** What one job of the team may use at most; what is left out is not limited. */
export interface Ceilings {
  /** CPU of one job. */
  readonly cpu?: string;
  /** Memory of one job. */
  readonly memory?: string;
  /** GPUs of one job. */
  readonly gpu?: number;
  /** Sum of the volumes of one job. */
  readonly storage?: string;
  /** Longest timeout of a run: its steps' timeouts and its wait. */
  readonly timeout?: string;
}

/** NetworkPolicies of Kubernetes, which know addresses only. */
export interface CidrsNetwork {
  /** How the walls are made. */
  readonly mode: 'cidrs';
  /** Addresses of the API server, as `kubectl get endpoints kubernetes` shows them. */
  readonly apiServer: readonly string[];
  /** Addresses of name servers besides the cluster's own DNS pods: those of a NodeLocal DNSCache, for example. */
  readonly dns?: readonly string[];
  /** Addresses of what jobs reach outside the cluster. Services of the cluster need none. */
  readonly endpoints?: {
    /** Of the S3 stores. */
    readonly s3?: readonly string[];
    /** Of Google Cloud Storage and its token service. */
    readonly gcs?: readonly string[];
    /** Of Azure Blob Storage. */
    readonly azureblob?: readonly string[];
    /** Of the feedback sink. */
    readonly feedback?: readonly string[];
  };
  /** Where requests to the listeners come from. Required as soon as there are callers: nothing else reaches a listener. */
  readonly requestsFrom?: RequestsFrom;
  /** Namespace that Tekton Triggers runs in. */
  readonly tektonNamespace?: string;
}

/** CiliumNetworkPolicies, which know host names. */
export interface CiliumNetwork {
  /** How the walls are made. */
  readonly mode: 'cilium';
  /** Where requests to the listeners come from. Required as soon as there are callers: nothing else reaches a listener. */
  readonly requestsFrom?: RequestsFrom;
  /** Namespace that Tekton Triggers runs in. */
  readonly tektonNamespace?: string;
}

/** Who ends hung runs and removes what nobody needs any more, and when. */
export interface Cleanup {
  /**
   * janitor: a CronJob of millrace in each namespace. tekton-pruner: finished runs are left to Tekton's pruner, the janitor does the rest. none: nothing is cleaned up.
   * @default "janitor"
   */
  readonly engine?: 'janitor' | 'tekton-pruner' | 'none';
  /**
   * How long a finished run stays; as long, a repeated requestId starts nothing. At most 720h with tekton-pruner.
   * @default "72h"
   */
  readonly ttl?: string;
  /**
   * How many finished runs of each service stay, however old they are; only with janitor.
   * @default 20
   */
  readonly keepLast?: number;
}

/** Where CloudEvents are taken. */
export interface CloudeventsFeedback {
  /** Where events are posted to, with its path: https://, or http:// inside the cluster. */
  readonly url: string;
  /**
   * binary: attributes in headers, the record as the body. structured: both in the body.
   * @default "binary"
   */
  readonly mode?: 'binary' | 'structured';
  /** How the certificate of an https:// sink is checked. */
  readonly tls?: SinkTls;
  /** A Secret in the namespace of every team that holds a token, sent as "Authorization: Bearer". Left out: no token is sent. */
  readonly secretRef?: {
    /** Name of the Secret. */
    readonly name: string;
    /** Where the Secret calls its key something else. */
    readonly keys?: {
      /**
       * Key in the Secret of the token.
       * @default "token"
       */
      readonly token?: string;
    };
  };
}

/** A place where data, models or results lie: services/connections/NAME.yaml, or services/TEAM/connections/NAME.yaml for a team's own. */
export interface ConnectionDocument {
  /** Version of the format. */
  readonly apiVersion: 'millrace.dev/v1';
  /** What the document defines. */
  readonly kind: 'Connection';
  /** What the document is called. */
  readonly metadata: {
    /** Name of the connection: that of its file. At most 63 characters. */
    readonly name: string;
  };
  /** The definition itself. */
  readonly spec: ConnectionSpec;
}

/** A place where data, models or results lie. */
export type ConnectionSpec = S3ConnectionSpec | GcsConnectionSpec | AzureblobConnectionSpec;

/** Where the input lies, if the request does not say otherwise. */
export interface DataSource {
  /** Connection to the store. */
  readonly connection: string;
  /** Folder (ends in "/") or one object. Default: the connection's defaultPath. */
  readonly path?: string;
  /**
   * Which files belong to the input, in rclone's filter syntax.
   * @default ["*.json"]
   */
  readonly include?: readonly string[];
  /**
   * Whether a run without input is a success rather than an error.
   * @default false
   */
  readonly allowEmpty?: boolean;
}

/** A model that is part of the image. */
export interface EmbeddedModelSource {
  /** Absolute path of the model inside the image. */
  readonly imagePath: string;
  /** Name of the model, for records and the manifest. */
  readonly name: string;
  /** Version of the model, in quotes. */
  readonly version: string;
}

/** Which records of requests and responses a run leaves behind, if the Platform has a feedback sink. */
export interface Feedback {
  /**
   * Record the requests.
   * @default true
   */
  readonly input?: boolean;
  /**
   * Record the responses.
   * @default true
   */
  readonly output?: boolean;
  /**
   * What a record holds. reference: where the file lies, its size and digest. inline: its text as well.
   * @default "reference"
   */
  readonly payload?: 'reference' | 'inline';
  /**
   * Largest file whose text is recorded with payload inline, at most 1Mi; larger ones are recorded as references.
   * @default "64Ki"
   */
  readonly inlineLimit?: string;
}

/** Where the forward protocol is spoken. */
export interface FluentdFeedback {
  /** Host name of the sink, in lower case. */
  readonly host: string;
  /**
   * Port of the sink.
   * @default 24224
   */
  readonly port?: number;
  /** Encrypt the connection. Left out: it is not encrypted; {}: the sink has a certificate of a well-known authority. */
  readonly tls?: SinkTls;
  /** A Secret in the namespace of every team that holds the shared key of the sink. Left out: there is no shared key. */
  readonly secretRef?: {
    /** Name of the Secret. */
    readonly name: string;
    /** Where the Secret calls its key something else. */
    readonly keys?: {
      /**
       * Key in the Secret of the shared key.
       * @default "shared_key"
       */
      readonly shared_key?: string;
    };
  };
}

/** A Flux GitRepository, and a Kustomization for each folder of the output. */
export interface FluxGitops {
  /** What brings the output to the cluster. */
  readonly engine: 'flux';
  /** Where the engine reads the repository: https:// or ssh://, without a password. */
  readonly repoURL: string;
  /**
   * Branch that the engine follows.
   * @default "main"
   */
  readonly revision?: string;
  /**
   * Folder of the output in the repository.
   * @default "dist"
   */
  readonly path?: string;
  /**
   * Namespace of the objects.
   * @default "flux-system"
   */
  readonly namespace?: string;
  /** Credentials of the repository. */
  readonly secretRef?: {
    /** Name of the Secret. */
    readonly name: string;
  };
  /** Keys for Secrets that are encrypted with SOPS. */
  readonly decryption?: {
    /** Name of the Secret. */
    readonly name: string;
  };
}

/** An HTTPRoute in the namespace of each team. */
export interface GatewayRoute {
  /** How requests reach the listeners. */
  readonly kind: 'gateway';
  /** Gateways that serve the route. */
  readonly parentRefs: readonly ParentRef[];
  /** What serves the Gateway, which decides how a body limit is written. Left out: another one, and there is no limit. */
  readonly controller?: 'envoy-gateway' | 'nginx-gateway-fabric' | 'traefik';
  /**
   * Largest body of a request.
   * @default "64Ki"
   */
  readonly maxBody?: string;
}

/** A bucket of Google Cloud Storage. */
export interface GcsConnectionSpec {
  /** Kind of store. */
  readonly type: 'gcs';
  /** Name of the bucket, at most 222 characters. */
  readonly bucket: string;
  /** Number of the project, in quotes. */
  readonly projectNumber?: string;
  /** Where the store answers. Default: the provider's own endpoint. */
  readonly endpoint?: string;
  /** Path of a reference that gives none; never joined to one. Default: none, a reference must give its path. */
  readonly defaultPath?: string;
  /** Who may use the connection, and for what. Nobody may who is not listed; in a team's own connection the list may be left out: the team may read and write. */
  readonly access?: readonly AccessRule[];
  /** How a run proves to the store who it is: exactly one of these. */
  readonly credentials: {
    /** A Secret in the namespace of the run, which somebody else puts there. */
    readonly secretRef?: {
      /** Name of the Secret. */
      readonly name: string;
      /** Where the Secret calls its key something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the service account's JSON key file.
         * @default "service_account.json"
         */
        readonly 'service_account.json'?: string;
      };
    };
    /** No credentials: the store is public. Only true. */
    readonly anonymous?: true;
    /** A Secret that External Secrets makes in every namespace that uses the connection: millrace-connection-NAME. */
    readonly externalSecret?: {
      /** The store of External Secrets that has the values. */
      readonly secretStoreRef: {
        /** Name of the store. */
        readonly name: string;
        /**
         * SecretStore: in every namespace that uses the connection. ClusterSecretStore: one for the cluster.
         * @default "SecretStore"
         */
        readonly kind?: 'SecretStore' | 'ClusterSecretStore';
      };
      /**
       * How often the values are read anew.
       * @default "1h"
       */
      readonly refreshInterval?: string;
      /**
       * What becomes of the Secret when the store has a value no longer. Retain: it stays as it is. Delete: it is removed.
       * @default "Retain"
       */
      readonly deletionPolicy?: 'Retain' | 'Delete';
      /** Where the store has it. */
      readonly keys: {
        /** The service account's JSON key file. */
        readonly 'service_account.json': RemoteKey;
      };
    };
    /** A Secret that lies in the repository as SealedSecrets. */
    readonly sealedSecret?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Where the Secret calls its key something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the service account's JSON key file.
         * @default "service_account.json"
         */
        readonly 'service_account.json'?: string;
      };
    };
    /** A Secret that lies in the repository encrypted with SOPS; Flux decrypts it. */
    readonly sops?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Where the Secret calls its key something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the service account's JSON key file.
         * @default "service_account.json"
         */
        readonly 'service_account.json'?: string;
      };
    };
    /** Workload identity federation of Google Cloud. */
    readonly workloadIdentity?: {
      /** Name of the identity: its runs have the ServiceAccount millrace-run-NAME, which is the subject that the cloud must trust. At most 40 characters. */
      readonly name: string;
      /**
       * Agree to runs that have another identity, too. All identities of one run have one name, and so one ServiceAccount.
       * @default false
       */
      readonly sharedIdentity?: boolean;
      /** The provider in the workload identity pool. */
      readonly audience: string;
      /** E-mail address of the service account to act as. Default: the rights are those of the federated identity itself. */
      readonly serviceAccount?: string;
    };
    /** The service account that the metadata server gives: that of the node, or of Workload Identity Federation for GKE. */
    readonly instanceIdentity?: {
      /** Agree that the predictor can use the identity as well: whatever runs in the pod can ask for it. Only true. */
      readonly sharedIdentity: true;
    };
  };
  /** Storage class of what is written. Default: the bucket's. */
  readonly storageClass?: 'STANDARD' | 'NEARLINE' | 'COLDLINE' | 'ARCHIVE' | 'MULTI_REGIONAL' | 'REGIONAL';
  /** Id of the project that requests are counted against and billed to; also where the requester pays. Default: the project of the bucket. */
  readonly quotaProject?: string;
  /** Certificates of authorities that the store's is checked against, besides the well-known ones. */
  readonly caBundle?: CaBundle;
  /** An HTTP proxy on the way to the store. Default: none. */
  readonly proxy?: ProxySettings;
}

/** Objects of the engine that brings the output to the cluster. */
export type Gitops = ArgocdGitops | FluxGitops | NoGitops;

/** A predictor that runs as a batch job: services/TEAM/NAME.yaml. */
export interface InferenceServiceDocument {
  /** Version of the format. */
  readonly apiVersion: 'millrace.dev/v1';
  /** What the document defines. */
  readonly kind: 'InferenceService';
  /** What the document is called. */
  readonly metadata: {
    /** Name of the service: that of its file. At most 25 characters, no "--"; platform, team and names that begin with millrace are reserved. */
    readonly name: string;
  };
  /** The definition itself. */
  readonly spec: InferenceServiceSpec;
}

/** A predictor, its model, and where its data comes from and goes to. */
export interface InferenceServiceSpec {
  /** Who answers for it: a team, a person, an e-mail address. */
  readonly owner?: string;
  /** What the service is for, in one sentence. */
  readonly description?: string;
  /** What a request calls the service; unique in the namespace. Default: the service's name. */
  readonly serviceId?: string;
  /** The predictor's image, from one of the team's registries. */
  readonly image: string;
  /** The program and its first arguments; the entrypoint of the image is never used. */
  readonly command: readonly string[];
  /**
   * Further arguments. $(…) only for the names of the predictor's environment, for example $(ODAHU_MODEL).
   * @default []
   */
  readonly args?: readonly string[];
  /**
   * Environment of the predictor. Names beginning with ODAHU_, MILLRACE_, RCLONE_, AWS_, AZURE_, GOOGLE_ or KUBERNETES_, and HOME, are reserved. No secrets.
   * @default {}
   */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Values that a request may set; the predictor gets each as MILLRACE_PARAM_<NAME>, in upper case. No secrets.
   * @default {}
   */
  readonly params?: Readonly<Record<string, Param>>;
  /** The model: in a store, or part of the image. */
  readonly modelSource: ModelSource;
  /** Where the input lies. Left out: a request must give it. */
  readonly dataSource?: DataSource;
  /** Where the results go. Left out: a request must give it. */
  readonly outputDestination?: OutputDestination;
  /** What starts jobs. */
  readonly triggers?: {
    /** Jobs that are started by a signed request. */
    readonly webhook?: {
      /**
       * Whether requests may start the service.
       * @default true
       */
      readonly enabled?: boolean;
      /** Callers of the Platform that may start the service. Default: all that the Platform lets call it. */
      readonly callers?: readonly string[];
      /** What a request may change. */
      readonly overrides?: Overrides;
      /**
       * Which EventListener takes the requests. shared: the team's. dedicated: one of the service's own, named like it, with a pod and a path of its own: /TEAM/SERVICE/api/v1/batch/job.
       * @default "shared"
       */
      readonly listener?: 'shared' | 'dedicated';
    };
    /** Times at which jobs start. */
    readonly schedules?: readonly Schedule[];
    /** Arrival of data that starts jobs. */
    readonly events?: readonly ArrivalEvent[];
  };
  /** How request and response files are checked. */
  readonly validation?: Validation;
  /** Which records of requests and responses a run leaves behind. */
  readonly feedback?: Feedback;
  /** What the predictor gets. */
  readonly resources?: Resources;
  /** Node pool of the Platform that jobs run on. Default: any node. */
  readonly nodePool?: string;
  /** Queue of the Platform that jobs wait in. Default: none. */
  readonly queue?: string;
  /** Sizes of a run's volumes. */
  readonly storage?: Storage;
  /** How data is moved. */
  readonly transfers?: Transfers;
  /**
   * Time for the predictor.
   * @default "1h"
   */
  readonly timeout?: string;
  /** Time for the parts of a run around the predictor. */
  readonly timeouts?: Timeouts;
  /**
   * How often a failed run is started again.
   * @default 0
   */
  readonly retries?: number;
}

/** An Ingress in the namespace of each team. */
export interface IngressRoute {
  /** How requests reach the listeners. */
  readonly kind: 'ingress';
  /** What serves the Ingress, which decides how its body limit is written. ingress-nginx: of the Kubernetes project. nginx: of F5. */
  readonly controller: 'haproxy-ingress' | 'ingress-nginx' | 'nginx' | 'traefik';
  /** Name of the IngressClass. Default: the cluster's. */
  readonly class?: string;
  /**
   * Largest body of a request.
   * @default "64Ki"
   */
  readonly maxBody?: string;
  /** Serve HTTPS with a certificate in the namespace of each team, or in hostNamespace. Left out: what the controller does by itself. */
  readonly tls?: {
    /** Name of the Secret that holds the certificate for the host. */
    readonly secretName: string;
  };
  /** For controller: nginx, and needed there: namespace of the one Ingress that has the host and its certificate, to which those of the teams add their paths. */
  readonly hostNamespace?: string;
}

/** Labels for the runs. Keys have no "/", keys and values at most 63 characters. */
export type Labels = Readonly<Record<string, string>>;

/** Alerts for the Prometheus operator. */
export interface Metrics {
  /** Emit a PrometheusRule into each namespace. Left out: none. */
  readonly prometheusRule?: {
    /**
     * Labels by which the Prometheus finds its rules.
     * @default {}
     */
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** The model: in a store, or part of the image. */
export type ModelSource = RemoteModelSource | EmbeddedModelSource;

/** What jobs and listeners may reach, and who reaches the listeners. Left out: no NetworkPolicies. */
export type Network = CidrsNetwork | CiliumNetwork | OpenNetwork;

/** No objects: something else brings the output to the cluster. */
export interface NoGitops {
  /** What brings the output to the cluster. */
  readonly engine: 'none';
}

/** No route is made. */
export interface NoRoute {
  /** How requests reach the listeners. */
  readonly kind: 'none';
  /** Largest body that the route which you apply yourself lets through. Default: it has no limit. */
  readonly maxBody?: string;
}

/** Nodes that jobs may ask for by name. */
export interface NodePool {
  /** Name of the pool, as services give it. */
  readonly name: string;
  /** Labels that the nodes of the pool have. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints of the nodes that jobs tolerate. */
  readonly tolerations?: readonly Toleration[];
  /** RuntimeClass of the jobs' pods. Default: the cluster's. */
  readonly runtimeClass?: string;
  /**
   * Name of the resource that counts GPUs on these nodes.
   * @default "nvidia.com/gpu"
   */
  readonly gpuResource?: string;
  /** Teams that may use the pool. */
  readonly teams: readonly string[];
}

/** How the records lie beside the results. */
export interface ObjectStorageFeedback {
  /**
   * gzip: the files are called .jsonl.gz.
   * @default "none"
   */
  readonly compression?: 'none' | 'gzip';
}

/** No policies: every pod reaches every other, and the internet. */
export interface OpenNetwork {
  /** How the walls are made. */
  readonly mode: 'open';
}

/** Where the results go, if the request does not say otherwise. */
export interface OutputDestination {
  /** Connection to the store. */
  readonly connection: string;
  /** Folder (ends in "/"); {jobId} and {requestId} are filled per run. Default: the connection's defaultPath. */
  readonly path?: string;
  /**
   * exact: into the folder itself. perJob: into a folder below it that is named like the job.
   * @default "exact"
   */
  readonly layout?: 'exact' | 'perJob';
}

/** A folder of a connection. */
export interface OverrideRule {
  /** Connection to the store. */
  readonly connection: string;
  /** Folder counted from the bucket's root; ends in "/", which alone is the whole bucket. */
  readonly prefix: string;
}

/** What a request may change. Default: a dataSource below the service's own path, nothing else. Required for what the service leaves open. */
export interface Overrides {
  /** Folders that a request may choose as the source of its data; each is a folder of a connection. */
  readonly dataSource?: readonly OverrideRule[];
  /** Folders that a request may choose for its results; each is a folder of a connection. */
  readonly outputDestination?: readonly OverrideRule[];
  /** Node pools that a request may choose beside the service's own; all with as many labels in their nodeSelector, and the same tolerations, runtimeClass and gpuResource. */
  readonly nodePools?: readonly string[];
  /** Upper bounds of what a request may ask for; what is left out it may not ask for. */
  readonly resources?: {
    /** CPU. */
    readonly cpu?: string;
    /** Memory. */
    readonly memory?: string;
    /** GPUs, of the node pool's gpuResource. */
    readonly gpu?: number;
  };
}

/** A value that a request may set. */
export interface Param {
  /** What the predictor gets where a request does not say otherwise; printable ASCII without "$", '"' and "\". */
  readonly default: string;
  /** What every value must match as a whole: a regular expression from ^ to $, of ASCII, without look-around and back references. */
  readonly pattern: string;
}

/** A Gateway. */
export interface ParentRef {
  /** Name of the Gateway. */
  readonly name: string;
  /** Its namespace; its listeners must allow routes of the namespaces of teams. */
  readonly namespace: string;
  /** Name of the listener of the Gateway. Default: every one that fits. */
  readonly sectionName?: string;
}

/** What the platform team decides for everyone: services/platform.yaml. */
export interface PlatformDocument {
  /** Version of the format. */
  readonly apiVersion: 'millrace.dev/v1';
  /** What the document defines. */
  readonly kind: 'Platform';
  /** What the document is called. */
  readonly metadata: {
    /** platform, as the file. */
    readonly name: string;
  };
  /** The definition itself. */
  readonly spec: PlatformSpec;
}

/** Where records of requests and responses go. */
export interface PlatformFeedback {
  /**
   * none: no records. objectStorage: JSON lines beside the results. fluentd: the forward protocol, with the tags and fields of ODAHU. cloudevents: one HTTP POST for each record.
   * @default "none"
   */
  readonly sink?: 'none' | 'objectStorage' | 'fluentd' | 'cloudevents';
  /**
   * What a run does whose records fluentd or cloudevents do not take. required: it fails. bestEffort: it goes on, and its manifest says how many were not delivered.
   * @default "bestEffort"
   */
  readonly delivery?: 'required' | 'bestEffort';
  /** How long fluentd or cloudevents may take no record until they are given up, at most 9m. Default: 5m with delivery required, otherwise 1m: the nodes of the job wait with it. */
  readonly giveUpAfter?: string;
  /** Settings of the sink objectStorage. */
  readonly objectStorage?: ObjectStorageFeedback;
  /** Settings of the sink fluentd: also Fluent Bit, or the OpenTelemetry Collector. */
  readonly fluentd?: FluentdFeedback;
  /** Settings of the sink cloudevents. */
  readonly cloudevents?: CloudeventsFeedback;
}

/** What the platform team decides for everyone. */
export interface PlatformSpec {
  /** The cluster that the output is for. */
  readonly target: {
    /** Kubernetes version of the cluster, in quotes; at least 1.28. */
    readonly kubernetes: string;
    /** Tekton Pipelines version of the cluster, in quotes; at least 1.15. */
    readonly pipelines: string;
    /** Tekton Triggers version of the cluster, in quotes; at least 0.37. */
    readonly triggers: string;
    /**
     * Kind of cluster. openshift: the user id is left to the cluster.
     * @default "kubernetes"
     */
    readonly distribution?: 'kubernetes' | 'openshift';
  };
  /** The images of the helper steps; every node that runs jobs must be able to pull them. */
  readonly images: {
    /** rclone 1.75 or later, for the transfers. */
    readonly rclone: string;
    /** Node.js 20.15 or later, for the steps of our own. */
    readonly node: string;
  };
  /**
   * Refuse images without a digest, here and in services.
   * @default true
   */
  readonly requireDigests?: boolean;
  /** The teams; a folder below services/ that is not listed here is an error. */
  readonly teams: readonly PlatformTeam[];
  /** Nodes that jobs may ask for by name. */
  readonly nodePools?: readonly NodePool[];
  /** Kueue queues that jobs may wait in. */
  readonly queues?: readonly Queue[];
  /** How jobs are started from outside. Left out: by no one. */
  readonly webhook?: {
    /** Host name under which callers reach the listeners: at /TEAM/api/v1/batch/job, dedicated ones at /TEAM/SERVICE/api/v1/batch/job. */
    readonly host: string;
    /** Who may start jobs. */
    readonly callers?: readonly Caller[];
    /**
     * Refuse requests without a requestId, so that a repeated request never starts a second job.
     * @default false
     */
    readonly requireRequestId?: boolean;
    /** How requests reach the listeners. Default: by what you apply yourself. */
    readonly route?: Route;
  };
  /** What jobs and listeners may reach, and who reaches the listeners. Default: no NetworkPolicies. */
  readonly network?: Network;
  /** Where records of requests and responses go. */
  readonly feedback?: PlatformFeedback;
  /** Objects of the engine that brings the output to the cluster. Default: none. */
  readonly gitops?: Gitops;
  /** Who ends hung runs and removes what nobody needs any more, and when. */
  readonly cleanup?: Cleanup;
  /** Alerts for the Prometheus operator. */
  readonly metrics?: Metrics;
}

/** A team: a folder below services/, and the namespace its jobs run in. */
export interface PlatformTeam {
  /** The team's name: its folder below services/. At most 63 characters; connections is reserved. */
  readonly name: string;
  /** Namespace of the team's jobs; belongs to this team only. Default: the team's name. */
  readonly namespace?: string;
  /**
   * Emit the Namespace with its Pod Security labels.
   * @default true
   */
  readonly manageNamespace?: boolean;
  /** What one job of the team may use at most; what is left out is not limited. */
  readonly ceilings?: Ceilings;
  /** What all pods of the namespace may request together; a job beyond it waits. Default: no ResourceQuota. */
  readonly quota?: Quota;
  /** Where the images of the team's services may come from: registries, or paths in them that end in "/". */
  readonly registries: readonly string[];
  /** Secrets in the namespace that hold the credentials of registries. */
  readonly imagePullSecrets?: readonly string[];
  /** Secrets that the team's own connections may use: names, or beginnings of names followed by "*". Default: none. */
  readonly secrets?: readonly string[];
  /** Endpoints that the team's own connections may use. Default: none but the providers' own. */
  readonly endpoints?: readonly string[];
  /** Stores of External Secrets that the team's own connections may read, and what of them. Default: none. */
  readonly secretStores?: readonly AllowedSecretStore[];
  /** Identities of a cloud that the team's own connections may use: ARNs of roles, service accounts or providers of Google, client ids of Azure, "instance" for that of the node; or beginnings followed by "*". Default: none. */
  readonly identities?: readonly string[];
  /** Groups, as the cluster knows them, that may read runs, pods, events and logs of the namespace. Default: none. */
  readonly viewers?: readonly string[];
  /** What the API server does with a run in the namespace that is not of a service, or beyond what its service allows. audit: warns and notes it in the audit log; enforce: refuses it. Needs Kubernetes 1.30. Default: no admission policy. */
  readonly enforcement?: 'audit' | 'enforce';
}

/** An HTTP proxy on the way to the store. */
export interface ProxySettings {
  /** Address of the proxy, with its port; user and password are not possible. */
  readonly url: string;
  /** Hosts that are reached without it: names, names with a leading "." for all below them, addresses and networks. */
  readonly noProxy?: readonly string[];
}

/** A Kueue queue that jobs may wait in. */
export interface Queue {
  /** Name of the queue, as services give it. */
  readonly name: string;
  /** Name of Kueue's LocalQueue in the namespace of each of the teams; at most 63 characters. Default: the queue's name. */
  readonly localQueue?: string;
  /** Teams that may use the queue. */
  readonly teams: readonly string[];
}

/** What all pods of the namespace may request together; a job beyond it waits. What is left out is not limited. */
export interface Quota {
  /** CPU that all pods request. */
  readonly cpu?: string;
  /** Memory that all pods request. */
  readonly memory?: string;
  /** GPUs that all pods request, of each kind that the node pools of the team have. */
  readonly gpu?: number;
  /** Pods that are not finished: one of each job, one of the listener. */
  readonly pods?: number;
}

/** Where a store of External Secrets has one value. */
export interface RemoteKey {
  /** Name of the entry in the store, with its path; without '..'. */
  readonly key: string;
  /** Which value of the entry, where it is a map. Default: the entry is the value. */
  readonly property?: string;
  /** Version of the entry. Default: the latest. */
  readonly version?: string;
}

/** A model that lies in a store. */
export interface RemoteModelSource {
  /** Connection to the store. */
  readonly connection: string;
  /** Where the model lies: a folder (ends in "/") or one archive (.zip, .tar.gz, .tar). */
  readonly path: string;
  /** Name of the model, for records and the manifest. Default: what the model's own odahuflow.project.yaml says. */
  readonly name?: string;
  /** Version of the model, in quotes. Default: likewise. */
  readonly version?: string;
  /** SHA-256 of the archive, or of the list of a folder's files; a run with another one fails. Default: not compared. */
  readonly sha256?: string;
}

/** Who reaches the listeners. */
export interface RequestsFrom {
  /** Namespaces whose pods do: that of the ingress controller or gateway, and of callers inside the cluster. */
  readonly namespaces?: readonly string[];
  /** Addresses that do: of load balancers, or of ingress controllers in the network of their node. */
  readonly addresses?: readonly string[];
}

/** What the predictor gets. */
export interface Resources {
  /** What is set aside for the predictor. */
  readonly requests?: {
    /**
     * CPU.
     * @default "1"
     */
    readonly cpu?: string;
    /** Memory. Default: the memory limit where there is one, otherwise 2Gi. */
    readonly memory?: string;
  };
  /** What the predictor may use at most. */
  readonly limits?: {
    /** CPU. Default: no limit. */
    readonly cpu?: string;
    /** Memory. Default: what is requested. */
    readonly memory?: string;
    /**
     * GPUs, of the node pool's gpuResource.
     * @default 0
     */
    readonly gpu?: number;
  };
}

/** How requests reach the listeners. */
export type Route = NoRoute | IngressRoute | GatewayRoute;

/** A bucket of Amazon S3 or of a store that speaks its protocol. */
export interface S3ConnectionSpec {
  /** Kind of store. */
  readonly type: 's3';
  /** Name of the bucket, at most 63 characters. */
  readonly bucket: string;
  /** Region of the bucket. With an endpoint it may be left out: us-east-1, which stores without regions expect in signatures. */
  readonly region?: string;
  /** Where the store answers. Default: the provider's own endpoint. */
  readonly endpoint?: string;
  /**
   * Bucket in the path of the URL rather than in its host name.
   * @default true
   */
  readonly pathStyle?: boolean;
  /** Path of a reference that gives none; never joined to one. Default: none, a reference must give its path. */
  readonly defaultPath?: string;
  /** Who may use the connection, and for what. Nobody may who is not listed; in a team's own connection the list may be left out: the team may read and write. */
  readonly access?: readonly AccessRule[];
  /** How a run proves to the store who it is: exactly one of these. */
  readonly credentials: {
    /** A Secret in the namespace of the run, which somebody else puts there. */
    readonly secretRef?: {
      /** Name of the Secret. */
      readonly name: string;
      /** Where the Secret calls its keys something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the access key id.
         * @default "access_key_id"
         */
        readonly access_key_id?: string;
        /**
         * Key in the Secret of the secret access key.
         * @default "secret_access_key"
         */
        readonly secret_access_key?: string;
        /**
         * Key in the Secret of the session token, if there is one.
         * @default "session_token"
         */
        readonly session_token?: string;
      };
    };
    /** No credentials: the store is public. Only true. */
    readonly anonymous?: true;
    /** A Secret that External Secrets makes in every namespace that uses the connection: millrace-connection-NAME. */
    readonly externalSecret?: {
      /** The store of External Secrets that has the values. */
      readonly secretStoreRef: {
        /** Name of the store. */
        readonly name: string;
        /**
         * SecretStore: in every namespace that uses the connection. ClusterSecretStore: one for the cluster.
         * @default "SecretStore"
         */
        readonly kind?: 'SecretStore' | 'ClusterSecretStore';
      };
      /**
       * How often the values are read anew.
       * @default "1h"
       */
      readonly refreshInterval?: string;
      /**
       * What becomes of the Secret when the store has a value no longer. Retain: it stays as it is. Delete: it is removed.
       * @default "Retain"
       */
      readonly deletionPolicy?: 'Retain' | 'Delete';
      /** Where the store has each of them. */
      readonly keys: {
        /** The access key id. */
        readonly access_key_id: RemoteKey;
        /** The secret access key. */
        readonly secret_access_key: RemoteKey;
        /** The session token. Default: there is none. */
        readonly session_token?: RemoteKey;
      };
    };
    /** A Secret that lies in the repository as SealedSecrets. */
    readonly sealedSecret?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Where the Secret calls its keys something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the access key id.
         * @default "access_key_id"
         */
        readonly access_key_id?: string;
        /**
         * Key in the Secret of the secret access key.
         * @default "secret_access_key"
         */
        readonly secret_access_key?: string;
        /**
         * Key in the Secret of the session token, if there is one.
         * @default "session_token"
         */
        readonly session_token?: string;
      };
    };
    /** A Secret that lies in the repository encrypted with SOPS; Flux decrypts it. */
    readonly sops?: {
      /** The files, one for each namespace that uses the connection: its metadata.namespace says which. All have one metadata.name. */
      readonly files: readonly string[];
      /** Where the Secret calls its keys something else. */
      readonly keys?: {
        /**
         * Key in the Secret of the access key id.
         * @default "access_key_id"
         */
        readonly access_key_id?: string;
        /**
         * Key in the Secret of the secret access key.
         * @default "secret_access_key"
         */
        readonly secret_access_key?: string;
        /**
         * Key in the Secret of the session token, if there is one.
         * @default "session_token"
         */
        readonly session_token?: string;
      };
    };
    /** A role of AWS that the run's ServiceAccount may assume with a web identity token. */
    readonly workloadIdentity?: {
      /** Name of the identity: its runs have the ServiceAccount millrace-run-NAME, which is the subject that the cloud must trust. At most 40 characters. */
      readonly name: string;
      /**
       * Agree to runs that have another identity, too. All identities of one run have one name, and so one ServiceAccount.
       * @default false
       */
      readonly sharedIdentity?: boolean;
      /** ARN of the role. */
      readonly roleArn: string;
    };
    /** The role of the node, or of an agent on it: an instance profile, EKS Pod Identity. */
    readonly instanceIdentity?: {
      /** Agree that the predictor can use the identity as well: whatever runs in the pod can ask for it. Only true. */
      readonly sharedIdentity: true;
    };
  };
  /** How the store encrypts what is written. Default: as the bucket says. */
  readonly sse?: ServerSideEncryption;
  /** Storage class of what is written; those that cannot be read at once are none of them. Default: the store's own. */
  readonly storageClass?: 'STANDARD' | 'STANDARD_IA' | 'ONEZONE_IA' | 'INTELLIGENT_TIERING' | 'GLACIER_IR' | 'REDUCED_REDUNDANCY';
  /**
   * Agree to pay for the requests, where the bucket asks its readers to.
   * @default false
   */
  readonly requesterPays?: boolean;
  /** Certificates of authorities that the store's is checked against, besides the well-known ones. */
  readonly caBundle?: CaBundle;
  /** An HTTP proxy on the way to the store. Default: none. */
  readonly proxy?: ProxySettings;
}

/** A time at which a job starts. */
export interface Schedule {
  /** Name of the schedule, unique in the service. At most 17 characters. */
  readonly name: string;
  /** Five cron fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /**
   * Time zone of the cron fields and of {date}, by its IANA name.
   * @default "Etc/UTC"
   */
  readonly timeZone?: string;
  /**
   * Start no jobs for now.
   * @default false
   */
  readonly suspend?: boolean;
  /** What the started jobs change. */
  readonly request?: ScheduleRequest;
}

/** What the jobs of a schedule change, as a request does. Required for what the service leaves open. */
export interface ScheduleRequest {
  /**
   * Values of the service's params.
   * @default {}
   */
  readonly params?: Readonly<Record<string, string>>;
  /** Where the input of the jobs lies. */
  readonly dataSource?: {
    /** Connection to the store. Default: the service's own. */
    readonly connection?: string;
    /** Folder (ends in "/") or one object; {date} is filled with the day for which the job starts, {date-1d} with the day before, and so on up to {date-366d}. */
    readonly path: string;
  };
  /** Where the results of the jobs go. */
  readonly outputDestination?: {
    /** Connection to the store. Default: the service's own. */
    readonly connection?: string;
    /** Folder (ends in "/"); {date} is filled with the day for which the job starts, {date-1d} with the day before, and so on up to {date-366d}; {jobId} and {requestId} are filled per run. */
    readonly path: string;
  };
  /** Node pool of the Platform that the jobs run on, of the shape of the service's own. Default: the service's own. */
  readonly nodePool?: string;
  /** What the predictor of the jobs gets. Default: the service's own. */
  readonly resources?: ScheduleResources;
}

/** What the predictor of the jobs gets. What is given as a request or as a limit counts as both, unless both are given. */
export interface ScheduleResources {
  /** What is set aside for the predictor. */
  readonly requests?: {
    /** CPU. */
    readonly cpu?: string;
    /** Memory. */
    readonly memory?: string;
  };
  /** What the predictor may use at most. */
  readonly limits?: {
    /** CPU. */
    readonly cpu?: string;
    /** Memory. */
    readonly memory?: string;
    /** GPUs, of the node pool's gpuResource. */
    readonly gpu?: number;
  };
}

/** How the store encrypts what is written. */
export interface ServerSideEncryption {
  /** AES256: with the store's own keys. aws:kms: with a key of the Key Management Service. */
  readonly type: 'AES256' | 'aws:kms';
  /** Id, ARN or alias of the key; only with type aws:kms. Default: the key that the account has for S3. */
  readonly keyId?: string;
}

/** Certificates of authorities: exactly one of these. */
export interface SinkCertificates {
  /** A ConfigMap in the namespace of every team. */
  readonly configMap?: {
    /** Name of the ConfigMap. */
    readonly name: string;
    /**
     * Its key that holds the certificates, in PEM form.
     * @default "ca.crt"
     */
    readonly key?: string;
  };
  /** A Secret in the namespace of every team. */
  readonly secret?: {
    /** Name of the Secret. */
    readonly name: string;
    /**
     * Its key that holds the certificates, in PEM form.
     * @default "ca.crt"
     */
    readonly key?: string;
  };
}

/** How the connection to a sink is secured. */
export interface SinkTls {
  /** Certificates that the sink's is checked against. Default: those of the well-known authorities. */
  readonly ca?: SinkCertificates;
}

/** Sizes of a run's volumes. Their sum counts against the team's storage ceiling. */
export interface Storage {
  /**
   * Room for the input.
   * @default "10Gi"
   */
  readonly data?: string;
  /**
   * Room for the model, and once more for an archive it is unpacked from.
   * @default "5Gi"
   */
  readonly model?: string;
  /**
   * Room for the predictor's results, and once more for the copy that is published.
   * @default "10Gi"
   */
  readonly output?: string;
  /**
   * Room for temporary files in /tmp, of each step.
   * @default "1Gi"
   */
  readonly tmp?: string;
  /** Shared memory (/dev/shm), in memory: it counts against the predictor's memory limit. Default: none beyond what the node gives. */
  readonly shm?: string;
  /** Storage class of generic ephemeral volumes to use in place of emptyDir; null or left out: emptyDir. */
  readonly class?: string | null;
}

/** Defaults for a team's services: services/TEAM/team.yaml, optional. */
export interface TeamDocument {
  /** Version of the format. */
  readonly apiVersion: 'millrace.dev/v1';
  /** What the document defines. */
  readonly kind: 'Team';
  /** What the document is called. */
  readonly metadata: {
    /** The team's name: that of its folder. */
    readonly name: string;
  };
  /** The definition itself. */
  readonly spec: TeamSpec;
}

/** What holds for the team's services where they say nothing themselves. */
export interface TeamSpec {
  /** Who answers for it: a team, a person, an e-mail address. */
  readonly owner?: string;
  /** Node pool of the Platform that jobs run on. */
  readonly nodePool?: string;
  /** Queue of the Platform that jobs wait in. */
  readonly queue?: string;
  /** How request and response files are checked. */
  readonly validation?: Validation;
  /** Which records of requests and responses a run leaves behind. */
  readonly feedback?: Feedback;
  /** How data is moved. */
  readonly transfers?: Transfers;
  /**
   * Time for the predictor.
   * @default "1h"
   */
  readonly timeout?: string;
  /** Time for the parts of a run around the predictor. */
  readonly timeouts?: Timeouts;
  /** Sizes of a run's volumes. */
  readonly storage?: Storage;
  /** Labels for the runs. Keys have no "/", keys and values at most 63 characters. */
  readonly labels?: Labels;
}

/** Time for the parts of a run around the predictor. The run's timeout is the sum of its steps' timeouts and wait; the team's ceiling applies to it. */
export interface Timeouts {
  /**
   * Time for each transfer: data in, model in, results out.
   * @default "30m"
   */
  readonly sync?: string;
  /**
   * Time a run may wait for a node, an image or its queue.
   * @default "1h"
   */
  readonly wait?: string;
}

/** A toleration, as Kubernetes defines it. */
export interface Toleration {
  /** Key of the taint; left out with operator Exists: every taint. */
  readonly key?: string;
  /**
   * How key and value are compared.
   * @default "Equal"
   */
  readonly operator?: 'Equal' | 'Exists';
  /** Value of the taint; only with operator Equal. */
  readonly value?: string;
  /** Effect of the taint; left out: every effect. */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** Seconds that a pod stays on a node after the taint appears; only with effect NoExecute. */
  readonly tolerationSeconds?: number;
}

/** How data is moved. */
export interface Transfers {
  /**
   * Files that are moved at the same time.
   * @default 8
   */
  readonly parallel?: number;
  /** Bytes per second at most, as a Kubernetes quantity; null or left out: no limit. */
  readonly bandwidth?: string | null;
  /**
   * How often a transfer that failed is tried again, five seconds later; files that have arrived are not copied again.
   * @default 2
   */
  readonly retries?: number;
  /**
   * Time for a connection to the store to be made, at most 5m.
   * @default "15s"
   */
  readonly connectTimeout?: string;
  /**
   * Time without a byte after which a connection is given up, at most 1h.
   * @default "2m"
   */
  readonly idleTimeout?: string;
}

/** How request and response files are checked against the Open Inference Protocol, and what becomes of files that fail. */
export interface Validation {
  /**
   * Which reading of the protocol applies. spec: what its text requires. odahu: what ODAHU refuses; the rest are warnings. portable: also what most servers refuse.
   * @default "spec"
   */
  readonly profile?: 'spec' | 'odahu' | 'portable';
  /**
   * How documents lie in a file. document: one per file. jsonl: one per line; files may end in .jsonl, too. array: the items of one array.
   * @default "document"
   */
  readonly framing?: 'document' | 'jsonl' | 'array';
  /**
   * What becomes of an invalid input file. fail: the run fails. quarantine: the predictor does not get it, and it is published below _quarantine/. skip: the predictor does not get it, and the report tells of it.
   * @default "fail"
   */
  readonly onInvalid?: 'fail' | 'quarantine' | 'skip';
  /** More invalid input files than these fail the run, with onInvalid quarantine or skip. Default: no limit. */
  readonly maxInvalidFiles?: number;
  /** A larger share of invalid files among the input files that are checked fails the run, with onInvalid quarantine or skip. Default: no limit. */
  readonly maxInvalidRatio?: number;
  /**
   * What becomes of elements that a server could convert to the datatype (1.0 or "1" for INT32). refuse: they are errors. allow: they are warnings.
   * @default "refuse"
   */
  readonly coercion?: 'refuse' | 'allow';
  /** How the files that the predictor wrote are checked. */
  readonly output?: {
    /**
     * What becomes of an invalid output file. fail: the run fails, and nothing of its output is published. quarantine: the file is published below _quarantine/ and is no result; a run without any valid one fails.
     * @default "fail"
     */
    readonly onInvalid?: 'fail' | 'quarantine';
  };
}
