/**
 * What resolve hands to check and to manifests: defaults are filled, references are objects, nothing is optional
 * that has a default. Plain readonly data; every part knows the place it came from.
 */
import type { Sender } from '../contract/senders.js';
import type { Pattern } from '../base/pattern.js';
import type { Place } from '../diagnostics/diagnostic.js';
import type { Transfers } from '../contract/rclone-env.js';
import type { FeedbackPayload, FeedbackSink } from '../contract/feedback.js';
import type { Profile } from '../oip/profile.js';
import type { Coercion, Framing } from '../oip/settings.js';
import type { AllowedPrefix, ModelForm } from '../contract/step-config.js';
import type { ConnectionModel, NamespaceSecret } from './connection.js';
import type { NetworkModel } from './network.js';

export type * from './connection.js';
export type * from './network.js';

export interface TargetModel {
  /** `major.minor`. */
  readonly kubernetes: string;
  readonly pipelines: string;
  readonly triggers: string;
  readonly distribution: 'kubernetes' | 'openshift';
}

export interface CallerModel {
  readonly name: string;
  readonly auth: 'hmac' | 'token';
  readonly secretName: string;
  /** Key inside the Secret that holds the token or the HMAC key. */
  readonly secretKey: string;
  /** Events of a store come with `auth: token` only. */
  readonly sends: Sender;
}

/** Data whose arrival starts a job. */
export interface ArrivalModel {
  readonly name: string;
  readonly caller: string;
  readonly sends: Exclude<Sender, 'job'>;
  /** Of its bucket, events below `prefix` are meant. */
  readonly connection: string;
  readonly bucket: string;
  readonly prefix: string;
  /** Name of the object that says that its folder is complete. */
  readonly marker: string;
}

export interface QuotaModel {
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly gpu: number | undefined;
  readonly pods: number | undefined;
}

interface RouteBase {
  readonly host: string;
  /** At most four digits and `Ki` or `Mi`. */
  readonly maxBody: string;
}

export type RouteModel =
  | (RouteBase & {
      readonly kind: 'ingress';
      readonly controller: 'haproxy-ingress' | 'ingress-nginx' | 'nginx' | 'traefik';
      /** Undefined: the cluster's default. */
      readonly class: string | undefined;
      readonly tlsSecret: string | undefined;
      /** Where the one Ingress is that has the host and its certificate; undefined: each Ingress has them itself. */
      readonly hostNamespace: string | undefined;
    })
  | (RouteBase & {
      readonly kind: 'gateway';
      /** Undefined: one that knows no body limit. */
      readonly controller: 'envoy-gateway' | 'nginx-gateway-fabric' | 'traefik' | undefined;
      readonly parentRefs: readonly { readonly name: string; readonly namespace: string; readonly sectionName?: string }[];
    });

interface GitopsBase {
  readonly repoURL: string;
  readonly revision: string;
  /** Folder of the output, without `/` at its end. */
  readonly path: string;
  /** Of the engine's objects. */
  readonly namespace: string;
}

export type GitopsModel =
  | (GitopsBase & { readonly engine: 'argocd'; readonly project: string })
  | (GitopsBase & { readonly engine: 'flux'; readonly secret: string | undefined; readonly decryptionSecret: string | undefined });

/** What one namespace shares; one per team. */
export interface NamespaceModel {
  readonly team: string;
  readonly namespace: string;
  readonly manageNamespace: boolean;
  readonly target: TargetModel;
  readonly images: { readonly rclone: string; readonly node: string };
  readonly imagePullSecrets: readonly string[];
  /** Callers that may call at least one service of this team, sorted by name; empty: no listener. */
  readonly callers: readonly CallerModel[];
  /** Names of those of them that start a service by the shared listener; empty: there is none. */
  readonly sharedCallers: readonly string[];
  /** Whether any service of the team has a schedule. */
  readonly hasSchedules: boolean;
  readonly cleanup: {
    readonly engine: 'janitor' | 'tekton-pruner' | 'none';
    /** Of a finished run. */
    readonly ttlSeconds: number;
    /** Finished runs of each service that stay longer. */
    readonly keepLast: number;
  };
  /** Labels of the PrometheusRule; undefined: there is none. */
  readonly alerts: { readonly labels: Readonly<Record<string, string>> } | undefined;
  readonly requireRequestId: boolean;
  /** `/<team>/api/v1/batch/job` */
  readonly webhookPath: string;
  /** Where callers reach the listener; undefined where Platform has no webhook. */
  readonly webhookHost: string | undefined;
  readonly feedbackSink: FeedbackSink;
  /** What all pods of the namespace may request together, in canonical form; undefined: no quota. */
  readonly quota: QuotaModel | undefined;
  /** Names of the resources that count GPUs on the nodes that the team may use, sorted; at least one. */
  readonly gpuResources: readonly string[];
  readonly network: NetworkModel;
  /** Undefined: no route is made. */
  readonly route: RouteModel | undefined;
  /** The same in every namespace; undefined: no objects of an engine. */
  readonly gitops: GitopsModel | undefined;
  /** Groups that may read runs, pods, events and logs; sorted. */
  readonly viewers: readonly string[];
  /** What the admission policy does with a run that is none of our services'; undefined: there is none. */
  readonly enforcement: 'audit' | 'enforce' | undefined;
  /** What makes the Secrets of the connections that services of the team use, sorted by name; one of each name. */
  readonly secrets: readonly NamespaceSecret[];
  /** Names of the workload identities that services of the team use, sorted: each has a ServiceAccount. */
  readonly identities: readonly string[];
  readonly place: Place;
}

export interface DataReference {
  readonly connection: ConnectionModel;
  /** Ends in `/` for a folder; otherwise one object. */
  readonly path: string;
}

/** A time at which a job starts. */
export interface ScheduleModel {
  readonly name: string;
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly suspend: boolean;
  /** Values of the service's params, sorted by name; the others have their defaults. */
  readonly params: Readonly<Record<string, string>>;
  readonly dataSource: ScheduledReference;
  readonly outputDestination: ScheduledReference;
  /** Of the shape of the service's own; undefined: the service's own. */
  readonly nodePool: NodePoolModel | undefined;
  /** Undefined: the service's own. */
  readonly resources: ScheduledResources | undefined;
}

/** What a schedule's request asks for; quantities in canonical form. What is given as a request or as a limit is both, unless both are given. */
export interface ScheduledResources {
  readonly requests: { readonly cpu?: string; readonly memory?: string };
  readonly limits: { readonly cpu?: string; readonly memory?: string; readonly gpu?: number };
}

/** Its path may hold `{date}` and `{date-1d}`. */
export interface ScheduledReference extends DataReference {
  /** Where its paths lie, whatever the date. */
  readonly within: AllowedPrefix;
}

export type ModelSourceModel =
  | {
      readonly kind: 'remote';
      readonly connection: ConnectionModel;
      readonly path: string;
      readonly form: ModelForm;
      /** Undefined: what the model itself says. */
      readonly name: string | undefined;
      readonly version: string | undefined;
      readonly sha256: string | undefined;
    }
  | { readonly kind: 'embedded'; readonly imagePath: string; readonly name: string; readonly version: string };

export interface NodePoolModel {
  readonly name: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Readonly<Record<string, string | number>>[];
  readonly runtimeClass: string | undefined;
  readonly gpuResource: string;
}

/** Canonical Kubernetes quantities as text (`"2"`, `"500m"`, `"8Gi"`). */
export interface ResourcesModel {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string | undefined; readonly memory: string; readonly gpu: number };
}

export interface StorageModel {
  readonly data: string;
  readonly model: string;
  readonly output: string;
  readonly tmp: string;
  readonly shm: string | undefined;
  /** Storage class of generic ephemeral volumes; undefined: emptyDir. */
  readonly class: string | undefined;
}

/** A value of the predictor that a request may set. */
export interface ParamModel {
  readonly name: string;
  /** Matches {@link pattern}. */
  readonly default: string;
  readonly pattern: Pattern;
}

export interface ServiceModel {
  readonly name: string;
  readonly serviceId: string;
  readonly owner: string | undefined;
  readonly description: string | undefined;
  readonly namespace: NamespaceModel;
  readonly image: string;
  readonly command: readonly string[];
  /** `$(ODAHU_…)` already replaced by its path. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Sorted by name. */
  readonly params: readonly ParamModel[];
  readonly model: ModelSourceModel;
  /** Undefined: a request must give it. */
  readonly dataSource: DataReference | undefined;
  readonly include: readonly string[];
  readonly allowEmpty: boolean;
  readonly outputDestination: DataReference | undefined;
  readonly layout: 'exact' | 'perJob';
  /** Undefined: no webhook. */
  readonly webhook:
    | {
        /** Names of callers in `namespace.callers`, sorted, at least one. */
        readonly callers: readonly string[];
        /** What a request may choose, sorted; the service's own source is not repeated here. */
        readonly dataSource: readonly AllowedPrefix[];
        readonly outputDestination: readonly AllowedPrefix[];
        /** Pools of one shape that a request may choose, its own among them, sorted by name; empty: none. */
        readonly nodePools: readonly NodePoolModel[];
        /** Upper bounds of what a request may ask for, in canonical form; what is left out it may not ask for. */
        readonly resources: { readonly cpu?: string; readonly memory?: string; readonly gpu?: number } | undefined;
        /** dedicated: an EventListener of the service's own, named like it. */
        readonly listener: 'shared' | 'dedicated';
        /** Also true where outputDestination holds `{requestId}`. */
        readonly requireRequestId: boolean;
      }
    | undefined;
  /** Sorted by name. */
  readonly schedules: readonly ScheduleModel[];
  /** Sorted by name. */
  readonly events: readonly ArrivalModel[];
  /** Every connection that a run may use, sorted by name. */
  readonly connections: readonly ConnectionModel[];
  /** How files are read, what becomes of invalid ones, and how many a run tolerates; undefined: no limit. */
  readonly validation: {
    readonly profile: Profile;
    readonly framing: Framing;
    readonly coercion: Coercion;
    readonly onInvalid: 'fail' | 'quarantine' | 'skip';
    readonly maxInvalidFiles: number | undefined;
    readonly maxInvalidRatio: number | undefined;
    readonly output: { readonly onInvalid: 'fail' | 'quarantine' };
  };
  readonly feedback: { readonly input: boolean; readonly output: boolean; readonly payload: FeedbackPayload };
  readonly resources: ResourcesModel;
  readonly nodePool: NodePoolModel | undefined;
  /** Kueue's LocalQueue. */
  readonly localQueue: string | undefined;
  readonly storage: StorageModel;
  readonly transfers: Transfers;
  /** Seconds. */
  readonly timeouts: { readonly predictor: number; readonly sync: number; readonly wait: number };
  readonly retries: number;
  /** The team's labels, for the TaskRuns. */
  readonly labels: Readonly<Record<string, string>>;
  readonly place: Place;
}
