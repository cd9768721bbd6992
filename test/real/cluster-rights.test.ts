/**
 * What every account of a namespace may do, as a real API server says it (`kubectl auth can-i --list` asks the same), and a list of
 * what none of them may: the listeners', shared and dedicated, the schedules', the janitor's, the runs', those of runs with an
 * identity, and the viewers'.
 */
import { describe, expect, it } from 'vitest';
import { compileFiles, textOf } from '../support/compile-files.js';
import { digest } from '../support/definitions.js';
import { toFiles } from '../support/repository.js';
import { objectServer, objectsIn, type ServerObject } from './support/object-server.js';
import { document } from '../support/document.js';

const teams = ['rights-a', 'rights-b'] as const;
const [namespace, neighbour] = teams;

const access = [{ teams, modes: ['read', 'write'] }];
const service = (team: string, triggers: object, store = 'store'): unknown => ({
  image: `registry.example.com/${team}/scorer:1@${digest}`,
  command: ['python'],
  modelSource: { imagePath: '/opt/app/model', name: 'm', version: '1' },
  dataSource: { connection: store, path: `${team}/in/` },
  outputDestination: { connection: store, path: `${team}/out/` },
  triggers,
});
const schedules = [{ name: 'nightly', cron: '0 2 * * *', timeZone: 'Etc/UTC' }];

/** Everything that has an account, in two namespaces. */
const result = compileFiles(
  toFiles({
    'services/platform.yaml': document('Platform', 'platform', {
      target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
      images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
      teams: teams.map((name) => ({ name, registries: [`registry.example.com/${name}/`], viewers: [`${name}-people`] })),
      webhook: {
        host: 'jobs.example.com',
        callers: [{ name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] }],
        route: { kind: 'none', maxBody: '64Ki' },
      },
    }),
    'services/connections/store.yaml': document('Connection', 'store', {
      type: 's3',
      bucket: 'store',
      region: 'eu-central-1',
      credentials: { anonymous: true },
      access,
    }),
    'services/connections/cloud.yaml': document('Connection', 'cloud', {
      type: 's3',
      bucket: 'cloud',
      region: 'eu-central-1',
      credentials: { workloadIdentity: { name: 'batch', roleArn: 'arn:aws:iam::123456789012:role/batch', sharedIdentity: true } },
      access,
    }),
    ...Object.fromEntries(
      teams.flatMap((team) => [
        [`services/${team}/scorer.yaml`, document('InferenceService', 'scorer', service(team, { schedules }))],
        [`services/${team}/alone.yaml`, document('InferenceService', 'alone', service(team, { webhook: { listener: 'dedicated' } }, 'cloud'))],
      ]),
    ),
  }),
);
const objects = objectsIn(result.files.map(({ text }) => text));

const server = objectServer((started) => {
  started.apply(objects.filter(({ kind }) => kind === 'Namespace'));
  started.apply(objects);
});

interface Who {
  readonly user: string;
  readonly groups?: readonly string[];
}
const account = (name: string): Who => ({ user: `system:serviceaccount:${namespace}:${name}` });

/** `verb resource.group` of every rule that holds for somebody in a namespace, those of the whole cluster included. */
function rulesOf({ user, groups = [] }: Who, where: string): ReadonlySet<string> {
  interface Rule {
    readonly verbs: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly nonResourceURLs?: readonly string[];
  }
  interface Review {
    readonly status: { readonly incomplete: boolean; readonly resourceRules: readonly Rule[]; readonly nonResourceRules: readonly Rule[] };
  }
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: where } };
  const as = [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)];
  const { status } = JSON.parse(
    server().kubectl(['create', '--validate=false', '-o', 'json', ...as, '-f', '-'], JSON.stringify(review)).stdout,
  ) as Review;
  expect(status.incomplete).toBe(false);
  const named = ({ resourceNames = [] }: Rule): string => (resourceNames.length > 0 ? ` ${[...resourceNames].sort().join(',')}` : '');
  return new Set([
    ...status.resourceRules.flatMap((rule) =>
      (rule.apiGroups ?? []).flatMap((group) =>
        (rule.resources ?? []).flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}${group === '' ? '' : `.${group}`}${named(rule)}`)),
      ),
    ),
    ...status.nonResourceRules.flatMap((rule) => (rule.nonResourceURLs ?? []).flatMap((url) => rule.verbs.map((verb) => `${verb} ${url}`))),
  ]);
}

/** What an account has more than one that nobody has given anything. */
function rightsOf(who: Who, where: string = namespace): readonly string[] {
  const common = rulesOf(account('nobody'), where);
  return [...rulesOf(who, where)].filter((rule) => !common.has(rule)).sort();
}

const every = (verbs: readonly string[], resources: readonly string[]): readonly string[] =>
  resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`));
const read = ['get', 'list', 'watch'];
const triggers = (names: readonly string[]): readonly string[] => names.map((name) => `${name}.triggers.tekton.dev`);

/** Of the whole cluster: which interceptors there are. */
const interceptors = every(read, triggers(['clusterinterceptors', 'clustertriggerbindings']));
const accounts: readonly { readonly name: string; readonly who: Who; readonly may: readonly string[]; readonly elsewhere?: readonly string[] }[] = [
  {
    name: 'listeners, shared and dedicated',
    who: account('millrace-listener'),
    may: [
      ...interceptors,
      ...every(read, triggers(['eventlisteners', 'interceptors', 'triggerbindings', 'triggers', 'triggertemplates'])),
      'create taskruns.tekton.dev',
    ],
    elsewhere: interceptors,
  },
  { name: 'schedules', who: account('millrace-schedule'), may: ['create taskruns.tekton.dev'] },
  {
    name: 'the janitor',
    who: account('millrace-janitor'),
    may: [
      ...every(['list', 'patch', 'delete'], ['taskruns.tekton.dev']),
      ...every(['list'], ['tasks.tekton.dev', 'cronjobs.batch', 'jobs.batch', 'pods']),
      ...every(['list', 'delete'], ['configmaps']),
    ],
  },
  { name: 'runs', who: account('millrace-run'), may: [] },
  { name: 'runs with an identity', who: account('millrace-run-batch'), may: [] },
  {
    name: 'viewers',
    who: { user: 'somebody', groups: [`${namespace}-people`, 'system:authenticated'] },
    may: every(read, ['taskruns.tekton.dev', 'pods', 'pods/log', 'events', 'events.events.k8s.io']),
  },
];

it('compiles, and every account that pods run with is looked at here', () => {
  expect(textOf(result)).toBe('');
  const made = objects.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === namespace);
  const known = accounts.map(({ who }) => who.user);
  expect(made.map(({ metadata }) => account(metadata.name).user).filter((user) => !known.includes(user))).toEqual([]);
  expect(made).toHaveLength(known.length - 1);
  const used = accountsUsed(objects.filter(({ metadata }) => metadata.namespace === namespace));
  expect(used.sort()).toEqual(made.map(({ metadata }) => metadata.name).sort());
});

/** Names of the accounts that pods, runs and listeners are told to take. */
function accountsUsed(made: readonly ServerObject[]): string[] {
  const names = [...JSON.stringify(made).matchAll(/"serviceAccountName":"([^"]+)"/g)].map(([, name = '']) => name);
  return [...new Set(names)];
}

describe.each(accounts)('$name', ({ who, may, elsewhere = [] }) => {
  it('may do what they need in their namespace, and nothing else', () => {
    expect(rightsOf(who)).toEqual([...may].sort());
  });

  it('may do nothing in the namespaces of others', () => {
    for (const other of [neighbour, 'default', 'kube-system']) expect(rightsOf(who, other)).toEqual([...elsewhere].sort());
  });

  it('is refused each of these', () => {
    const granted = new Set(may);
    const questions = forbidden.filter(([verb, resource]) => !granted.has(`${verb} ${resource}`));
    expect(questions.length).toBeGreaterThan(forbidden.length - 3);
    expect(allowed(who, questions)).toEqual([]);
  });
});

/** What would lead out of a namespace, to its Secrets, or past the rules of a request. */
const forbidden: readonly (readonly [verb: string, resource: string, where?: string])[] = [
  ['get', 'secrets'],
  ['list', 'secrets'],
  ['create', 'secrets'],
  ['get', 'configmaps'],
  ['create', 'configmaps'],
  ['patch', 'configmaps'],
  ['create', 'pods'],
  ['delete', 'pods'],
  ['create', 'pods/exec'],
  ['get', 'pods/exec'],
  ['create', 'pods/attach'],
  ['create', 'pods/portforward'],
  ['patch', 'pods/ephemeralcontainers'],
  ['get', 'nodes/proxy', ''],
  ['create', 'serviceaccounts/token'],
  ['impersonate', 'serviceaccounts'],
  ['impersonate', 'users', ''],
  ['update', 'taskruns.tekton.dev'],
  ['update', 'tasks.tekton.dev'],
  ['create', 'tasks.tekton.dev'],
  ['create', 'pipelineruns.tekton.dev'],
  ['update', 'triggers.triggers.tekton.dev'],
  ['update', 'triggertemplates.triggers.tekton.dev'],
  ['update', 'eventlisteners.triggers.tekton.dev'],
  ['create', 'jobs.batch'],
  ['patch', 'cronjobs.batch'],
  ['create', 'deployments.apps'],
  ['delete', 'networkpolicies.networking.k8s.io'],
  ['patch', 'resourcequotas'],
  ['create', 'roles.rbac.authorization.k8s.io'],
  ['create', 'rolebindings.rbac.authorization.k8s.io'],
  ['create', 'clusterrolebindings.rbac.authorization.k8s.io', ''],
  ['escalate', 'roles.rbac.authorization.k8s.io'],
  ['bind', 'clusterroles.rbac.authorization.k8s.io', ''],
  ['patch', 'validatingadmissionpolicies.admissionregistration.k8s.io', ''],
  ['list', 'namespaces', ''],
  ['patch', 'namespaces', ''],
  ['create', 'taskruns.tekton.dev', neighbour],
  ['get', 'taskruns.tekton.dev', neighbour],
  ['delete', 'configmaps', neighbour],
  ['get', 'pods/log', neighbour],
];

/** Which of these the authorizer of the API server would let pass. */
function allowed({ user, groups }: Who, questions: typeof forbidden): readonly string[] {
  const reviews = questions.map(([verb, text, where = namespace]) => {
    const [kind = '', subresource] = text.split('/');
    const [resource, ...group] = kind.split('.');
    const resourceAttributes = { verb, resource, group: group.join('.'), namespace: where, ...(subresource === undefined ? {} : { subresource }) };
    const ofAccount = user.startsWith('system:serviceaccount:')
      ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
      : [];
    const spec = { user, groups: groups ?? ofAccount, resourceAttributes };
    return { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  });
  const documents = reviews.map((review) => JSON.stringify(review)).join('\n---\n');
  const answers = server().kubectl(['create', '-o', 'jsonpath={.status.allowed} ', '-f', '-'], documents).stdout.trim().split(' ');
  expect(answers).toHaveLength(questions.length);
  return questions.flatMap(([verb, resource], index) => (answers[index] === 'false' ? [] : [`${verb} ${resource}`]));
}
