import { error } from '../define.js';

/** Sizes are bytes, or characters of an expression. */
export interface TooLarge {
  readonly size: number;
  readonly limit: number;
  /** Of the service's spec: what takes most of it. */
  readonly field: string;
  readonly part: number;
}

/** `ofPools`: what is too long are the node pools of the services, not what is said of each. */
export interface PolicyTooLong {
  readonly namespace: string;
  readonly services: number;
  readonly ofPools: boolean;
  readonly size: number;
  readonly limit: number;
}

const figure = (value: number): string => value.toLocaleString('en-US');
const mostIn = ({ field, part }: TooLarge): string => `${field} takes ${figure(part)} of them`;

/** What is said is how to say the same with less: of folders, the one above them covers all. */
const shorter = ({ field }: TooLarge): string =>
  /overrides\.(dataSource|outputDestination)$|schedules$|events$/.test(field)
    ? 'name one folder above in place of many below it, use fewer connections, or make two services of it'
    : `shorten ${field}, or make two services of it`;

export const manifestsCatalogue = {
  'manifests/step-config-too-large': error<TooLarge>(
    (args) => `what the jobs of the service are told has ${figure(args.size)} bytes, and Linux takes at most ${figure(args.limit)}; ${mostIn(args)}`,
    shorter,
  ),
  'manifests/rules-too-long': error<TooLarge>(
    (args) => `the rules for requests have ${figure(args.size)} characters of CEL, and at most ${figure(args.limit)} are read; ${mostIn(args)}`,
    shorter,
  ),
  'manifests/run-too-large': error<TooLarge & { readonly retries: number }>(
    (args) =>
      `a run of the service can grow to ${figure(args.size)} bytes with ${figure(args.retries)} retries, and the cluster keeps at most ${figure(args.limit)}; ${mostIn(args)}`,
    (args) => `lower retries, since a run keeps a copy of its Task for each; or ${shorter(args)}`,
  ),
  'manifests/policy-too-long': error<PolicyTooLong>(
    ({ namespace, services, ofPools, size, limit }) =>
      `the admission policy of namespace ${namespace} has to tell of ${ofPools ? 'the node pools' : 'each'} of its ${figure(services)} services in ${figure(size)} characters of CEL, and the API server reads at most ${figure(limit)}`,
    ({ ofPools }) =>
      `${ofPools ? 'let them use fewer node pools, or pools with fewer labels' : 'give some of the services to another team, with a namespace of its own'}; or leave out enforcement`,
  ),
};
