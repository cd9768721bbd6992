/** What the pods of a namespace may reach, and who reaches them. */
import type { StepBackend } from '../contract/step-config.js';
import type { Place } from '../diagnostics/diagnostic.js';

/** Kinds of addresses outside the cluster that a platform gives for NetworkPolicies. */
export type NetworkEndpoint = StepBackend['type'] | 'feedback';

/** Somewhere that jobs have to reach, with the place that says so. */
export type NetworkReach = { readonly place: Place } & (
  | { readonly kind: 'host'; readonly endpoint: NetworkEndpoint; readonly host: string; readonly port: number }
  | { readonly kind: 'address'; readonly cidr: string; readonly port: number }
  /** Pods of a namespace behind a Service; undefined: of the job's own. Their ports are not the Service's, so they are not known. */
  | { readonly kind: 'cluster'; readonly namespace: string | undefined }
);

interface ClosedNetwork {
  readonly requestsFrom: { readonly namespaces: readonly string[]; readonly addresses: readonly string[] };
  readonly tektonNamespace: string;
  readonly reaches: readonly NetworkReach[];
  /** Whether credentials come from the metadata service of the cloud, so that jobs must reach it. */
  readonly metadata: boolean;
}

/** Which policies wall in the pods of a namespace. Addresses are in CIDR form, every list sorted. */
export type NetworkModel =
  | { readonly mode: 'open' }
  | ({ readonly mode: 'cilium' } & ClosedNetwork)
  | ({
      readonly mode: 'cidrs';
      readonly apiServer: readonly string[];
      readonly dns: readonly string[];
      readonly endpoints: Readonly<Record<NetworkEndpoint, readonly string[]>>;
    } & ClosedNetwork);
