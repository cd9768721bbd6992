/** Each thing that can be wrong with a cluster, one at a time, against a cluster that is well. test/real/job.test.ts asks a real one. */
import { describe, expect, it } from 'vitest';
import type { Api } from '../../../src/cluster/api.js';
import { checkCluster } from '../../../src/cluster/doctor/cluster-checks.js';
import type { Check, Patient } from '../../../src/cluster/doctor/check.js';
import { checkNamespace } from '../../../src/cluster/doctor/namespace-checks.js';
import { neededSecrets } from '../../../src/cluster/doctor/needed-secrets.js';
import { ClusterProblem } from '../../../src/cluster/problem.js';
import { pathOf } from '../../../src/cluster/resource.js';
import { diagnose } from '../../../src/diagnostics/diagnose.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderRoute } from '../../../src/manifests/routes/route.js';
import type { RouteModel } from '../../../src/model/model.js';
import { namespaceModel, s3Connection, serviceModel } from '../../support/models.js';

type Objects = Record<string, unknown>;
const secret = (data: Record<string, string>): unknown => ({
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const needed = neededSecrets(namespaceModel, [serviceModel]);

/** What a well cluster answers, by path; a list is an array. */
const well: Objects = {
  '/version': { gitVersion: 'v1.34.4' },
  '/apis/tekton.dev/v1': { resources: ['Task', 'TaskRun'].map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })) },
  '/apis/triggers.tekton.dev/v1beta1': {
    resources: ['EventListener', 'Trigger', 'TriggerBinding', 'TriggerTemplate'].map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
  },
  '/api/v1/namespaces/tekton-pipelines/configmaps/pipelines-info': { data: { version: 'v1.15.0' } },
  '/api/v1/namespaces/tekton-pipelines/configmaps/triggers-info': { data: { version: 'v0.37.0' } },
  '/api/v1/namespaces/tekton-pipelines/configmaps/feature-flags': { data: { 'set-security-context': 'true' } },
  '/apis/triggers.tekton.dev/v1alpha1/clusterinterceptors': ['cel', 'github'].map((name) => ({
    metadata: { name },
    spec: { clientConfig: { service: { name: 'core', namespace: 'tekton-pipelines' } } },
  })),
  '/apis/apps/v1/namespaces/tekton-pipelines/deployments/core': { status: { readyReplicas: 1 } },
  '/api/v1/nodes': [{ metadata: { name: 'n1' } }],
  '/api/v1/nodes/n1/proxy/configz': { kubeletconfig: { singleProcessOOMKill: true } },
  '/api/v1/namespaces/risk': { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
  ...Object.fromEntries(
    needed.map(({ secret: name, keys }) => [
      `/api/v1/namespaces/risk/secrets/${name}`,
      secret(Object.fromEntries(keys.map((key) => [key, 'value']))),
    ]),
  ),
  '/api/v1/namespaces/risk/resourcequotas': [],
  '/api/v1/namespaces/risk/limitranges': [],
  '/apis/triggers.tekton.dev/v1beta1/namespaces/risk/eventlisteners/millrace': {
    status: { conditions: ['Ready', 'Available'].map((type) => ({ type, status: 'True' })) },
  },
  '/apis/apps/v1/namespaces/risk/deployments/el-millrace': { status: { readyReplicas: 1 } },
  '/api/v1/namespaces/risk/services/el-millrace': { spec: { type: 'ClusterIP' } },
  '/apis/networking.k8s.io/v1/namespaces/risk/ingresses': [],
  '/apis/gateway.networking.k8s.io/v1/namespaces/risk/httproutes': [],
};

const forbidden = Symbol('forbidden');

function api(objects: Objects): Api {
  const read = (path: string): unknown => {
    if (objects[path] === forbidden)
      throw new ClusterProblem(
        diagnose('cluster/forbidden', undefined, {
          verb: 'get',
          resource: path,
          name: undefined,
          namespace: undefined,
          context: 'here',
          problem: undefined,
        }),
      );
    return objects[path];
  };
  const unused = (): never => {
    throw new Error('doctor changes nothing');
  };
  return {
    server: 'https://api',
    context: 'here',
    find: (place) => new Promise((resolve) => resolve(read(pathOf(place)))),
    list: (place, _, page) =>
      new Promise((resolve) => {
        const items = read(pathOf(place));
        page(Array.isArray(items) ? items : []);
        resolve();
      }),
    raw: (path) => new Promise((resolve) => resolve(read(path))),
    served: (path) => new Promise((resolve) => resolve(read(path))),
    create: unused,
    patch: unused,
    remove: unused,
    log: unused,
  };
}

const listener: Manifest = { apiVersion: 'triggers.tekton.dev/v1beta1', kind: 'EventListener', metadata: { name: 'millrace', namespace: 'risk' } };

async function examine(changes: Objects = {}, objects: readonly Manifest[] = [listener]): Promise<readonly Check[]> {
  const patient: Patient = { api: api({ ...well, ...changes }), namespaces: [namespaceModel], services: [serviceModel], objects };
  return [...(await checkCluster(patient)), ...(await checkNamespace(patient, namespaceModel))];
}

const codes = (checks: readonly Check[]): readonly string[] => checks.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));

it('finds nothing wrong with a cluster that is well', async () => {
  const checks = await examine();
  expect(codes(checks)).toEqual([]);
  expect(checks.every(({ state }) => state === 'ok')).toBe(true);
  expect(checks.length).toBeGreaterThan(10);
});

const firstSecret = `/api/v1/namespaces/risk/secrets/${needed[0]?.secret ?? ''}`;
const airflow = '/api/v1/namespaces/risk/secrets/webhook-airflow';
const quotas = '/api/v1/namespaces/risk/resourcequotas';
const quota = (hard: Record<string, string>, used: Record<string, string> = {}): unknown => [
  { metadata: { name: 'q' }, spec: { hard }, status: { used } },
];
const ingresses = '/apis/networking.k8s.io/v1/namespaces/risk/ingresses';
const ingress = (annotations: Record<string, string>): unknown => [
  { metadata: { name: 'jobs', annotations }, spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'el-millrace' } } }] } }] } },
];

it.each<[code: string, changes: Objects, text: string]>([
  ['doctor/kubernetes-too-old', { '/version': { gitVersion: 'v1.27.16+k3s1' } }, 'v1.27.16+k3s1'],
  ['doctor/version-differs', { '/version': { gitVersion: 'v1.33.1-eks-1' } }, 'says 1.34'],
  [
    'doctor/version-differs',
    { '/api/v1/namespaces/tekton-pipelines/configmaps/pipelines-info': { data: { version: 'v1.9.0' } } },
    'Tekton Pipelines v1.9.0',
  ],
  ['doctor/not-seen', { '/api/v1/namespaces/tekton-pipelines/configmaps/triggers-info': undefined }, 'Tekton Triggers'],
  [
    'doctor/tekton-missing',
    { '/apis/triggers.tekton.dev/v1beta1': undefined },
    'EventListener, Trigger, TriggerBinding, TriggerTemplate of Tekton Triggers',
  ],
  [
    'doctor/security-context-flag',
    { '/api/v1/namespaces/tekton-pipelines/configmaps/feature-flags': { data: { 'set-security-context': 'false' } } },
    'is "false"',
  ],
  ['doctor/security-context-flag', { '/api/v1/namespaces/tekton-pipelines/configmaps/feature-flags': undefined }, 'is not set'],
  [
    'doctor/interceptor-missing',
    {
      '/apis/triggers.tekton.dev/v1alpha1/clusterinterceptors': [{ metadata: { name: 'cel' } }],
      '/apis/apps/v1/namespaces/tekton-pipelines/deployments/tekton-triggers-core-interceptors': { status: { readyReplicas: 1 } },
    },
    'no ClusterInterceptor github',
  ],
  ['doctor/interceptor-not-ready', { '/apis/apps/v1/namespaces/tekton-pipelines/deployments/core': { status: {} } }, 'core has no pod that is ready'],
  ['doctor/namespace-missing', { '/api/v1/namespaces/risk': undefined }, 'no namespace risk'],
  ['doctor/pod-security', { '/api/v1/namespaces/risk': { metadata: { labels: {} } } }, 'of no level'],
  ['doctor/secret-missing', { [firstSecret]: undefined }, needed[0]?.usedBy[0] ?? 'nobody'],
  ['doctor/secret-key-missing', { [airflow]: secret({ other: 'x' }) }, 'has no key token, which caller airflow needs'],
  ['doctor/secret-key-empty', { [airflow]: secret({ token: '' }) }, 'is empty'],
  ['doctor/secret-key-blank', { [airflow]: secret({ token: 'not-to-be-shown\n' }) }, 'line feed'],
  ['doctor/quota-without-limits', { [quotas]: quota({ 'requests.cpu': '4' }) }, 'requests.cpu'],
  ['doctor/quota-counts-runs', { [quotas]: quota({ 'count/taskruns.tekton.dev': '4' }) }, 'counts taskruns'],
  ['doctor/quota-used-up', { [quotas]: quota({ pods: '4' }, { pods: '4' }) }, 'no room left for pods'],
  ['doctor/listener-not-ready', { '/apis/triggers.tekton.dev/v1beta1/namespaces/risk/eventlisteners/millrace': {} }, 'has not seen it yet'],
  [
    'doctor/listener-not-ready',
    { '/apis/apps/v1/namespaces/risk/deployments/el-millrace': { status: {} } },
    'no pod of its Deployment el-millrace is ready',
  ],
  ['doctor/no-body-limit', { [ingresses]: ingress({}) }, 'Ingress jobs'],
  ['doctor/no-body-limit', { '/api/v1/namespaces/risk/services/el-millrace': { spec: { type: 'LoadBalancer' } } }, 'of type LoadBalancer'],
  [
    'doctor/no-body-limit',
    {
      '/apis/gateway.networking.k8s.io/v1/namespaces/risk/httproutes': [
        { metadata: { name: 'r' }, spec: { rules: [{ backendRefs: [{ name: 'el-millrace' }] }] } },
      ],
    },
    'HTTPRoute r',
  ],
  ['doctor/out-of-memory-hangs', { '/api/v1/nodes/n1/proxy/configz': { kubeletconfig: {} } }, 'n1'],
])('%s alone: %j', async (code, changes, text) => {
  const checks = await examine(changes);
  const [found, ...others] = checks.flatMap(({ diagnostics }) => diagnostics).filter((each) => each.code !== 'doctor/not-applied');
  // A listener that is not there is also one that was not applied.
  expect([found?.code, ...others.map((each) => each.code)]).toEqual([code]);
  expect(found?.message).toContain(text);
  expect(found?.hint).toBeDefined();
  expect(JSON.stringify(checks)).not.toContain('not-to-be-shown');
});

it('doctor/security-context-flag names the namespace in which Tekton is', async () => {
  const target = { ...namespaceModel.target, distribution: 'openshift' } as const;
  const patient: Patient = { api: api(well), namespaces: [{ ...namespaceModel, target }], services: [], objects: [] };
  const found = (await checkCluster(patient)).flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code === 'doctor/security-context-flag'));
  expect(found).toMatchObject([{ hint: expect.stringContaining('kubectl -n openshift-pipelines patch') as string }]);
});

it('doctor/not-applied names what is missing of dist/', async () => {
  const template: Manifest = {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'TriggerTemplate',
    metadata: { name: 'fraud-scorer', namespace: 'risk' },
  };
  const [found] = (await examine({}, [listener, template])).flatMap(({ diagnostics }) => diagnostics);
  expect(found).toMatchObject({ code: 'doctor/not-applied', message: 'namespace risk lacks TriggerTemplate fraud-scorer of dist/' });
});

it('doctor/not-applied knows objects of no namespace, too', async () => {
  const role: Manifest = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'millrace-listener' } };
  const served = { '/apis/rbac.authorization.k8s.io/v1': { resources: [{ kind: 'ClusterRole', name: 'clusterroles' }] } };
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/millrace-listener';
  expect(codes(await examine({ ...served, [path]: role }, [listener, role]))).toEqual([]);
  const [found] = (await examine(served, [listener, role])).flatMap(({ diagnostics }) => diagnostics);
  expect(found).toMatchObject({ code: 'doctor/not-applied', message: 'the cluster lacks ClusterRole millrace-listener of dist/' });
});

it("doctor/not-applied knows objects in namespaces that are no team's", async () => {
  const application: Manifest = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'millrace-risk', namespace: 'argocd' } };
  const served = { '/apis/argoproj.io/v1alpha1': { resources: [{ kind: 'Application', name: 'applications' }] } };
  const path = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/millrace-risk';
  expect(codes(await examine({ ...served, [path]: application }, [listener, application]))).toEqual([]);
  const [found] = (await examine(served, [listener, application])).flatMap(({ diagnostics }) => diagnostics);
  expect(found).toMatchObject({ code: 'doctor/not-applied', message: 'namespace argocd lacks Application millrace-risk of dist/' });
  expect(codes(await examine({ ...served, [path]: forbidden }, [listener, application]))).toEqual(['doctor/not-seen']);
});

describe('the default-pod-template of Tekton', () => {
  const defaults = (template: string): Objects => ({
    '/api/v1/namespaces/tekton-pipelines/configmaps/config-defaults': { data: { 'default-pod-template': template } },
  });
  const adds = 'nodeSelector: {pool: a}\npriorityClassName: batch\nenableServiceLinks: false\n';
  const found = async (enforcement: 'audit' | 'enforce' | undefined, changes: Objects): Promise<readonly string[]> => {
    const patient: Patient = { api: api({ ...well, ...changes }), namespaces: [{ ...namespaceModel, enforcement }], services: [], objects: [] };
    return (await checkCluster(patient)).flatMap(({ diagnostics }) => diagnostics.map(({ code, message }) => `${code}: ${message}`));
  };

  it('doctor/default-pod-template-refused and doctor/default-pod-template-noted name what it adds to runs', async () => {
    const sentence = 'Tekton adds nodeSelector, priorityClassName to runs that have none, and the admission policy of risk';
    expect(await found('enforce', defaults(adds))).toEqual([
      `doctor/default-pod-template-refused: ${sentence} refuses such a run: no job starts there`,
    ]);
    expect(await found('audit', defaults(adds))).toEqual([
      `doctor/default-pod-template-noted: ${sentence} notes each such run; enforce would refuse it`,
    ]);
    for (const template of [
      '{"hostNetwork": true}',
      '---\nnodeSelector: &pool {pool: a}\naffinity: *pool\n',
      '%YAML 1.1\n---\nhostNetwork: !!bool "true"\n',
    ])
      expect(await found('enforce', defaults(template)), template).toHaveLength(1);
  });

  it('does no harm without a policy, with what runs have themselves, or where Tekton itself cannot read it', async () => {
    expect(await found(undefined, defaults(adds))).toEqual([]);
    for (const template of ['', 'enableServiceLinks: true\nsecurityContext: {runAsUser: 0}\n', '[', 'a text', '&a {b: *a}'])
      expect(await found('enforce', defaults(template))).toEqual([]);
    expect(await found('enforce', {})).toEqual([]);
  });
});

it('doctor/stable-fields-only names services whose requests or schedules choose resources', async () => {
  const flags = {
    '/api/v1/namespaces/tekton-pipelines/configmaps/feature-flags': { data: { 'set-security-context': 'true', 'enable-api-fields': 'stable' } },
  };
  const webhook = serviceModel.webhook && { ...serviceModel.webhook, resources: { cpu: '8' } };
  const found = async (services: Patient['services'], changes: Objects): Promise<readonly string[]> => {
    const patient: Patient = { api: api({ ...well, ...changes }), namespaces: [namespaceModel], services, objects: [] };
    return (await checkCluster(patient)).flatMap(({ diagnostics }) => diagnostics.map(({ code, message }) => `${code}: ${message}`));
  };
  expect(await found([serviceModel], flags)).toEqual([]);
  const data = { connection: s3Connection('raw'), path: 'in/', within: { connection: 'raw', prefix: 'in/' } };
  const request = { params: {}, dataSource: data, outputDestination: data, nodePool: undefined };
  const nightly = { ...request, name: 'nightly', cron: '0 2 * * *', timeZone: 'Etc/UTC', suspend: false, resources: undefined };
  const weekly = { ...nightly, name: 'weekly', resources: { requests: { memory: '8Gi' }, limits: {} } };
  const choosing = [
    serviceModel,
    { ...serviceModel, name: 'chosen', webhook },
    { ...serviceModel, name: 'timed', webhook: undefined, schedules: [nightly, weekly] },
    { ...serviceModel, name: 'usual', webhook: undefined, schedules: [nightly] },
  ];
  expect(await found(choosing, {})).toEqual([]);
  expect(await found(choosing, flags)).toEqual([
    expect.stringMatching(/^doctor\/stable-fields-only: .* refuses runs of risk\/chosen, risk\/timed: /),
  ]);
});

it('a limit before the listener, and a LimitRange beside a quota, are enough', async () => {
  const limits = [{ spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } }];
  const changes = {
    [ingresses]: ingress({ 'nginx.ingress.kubernetes.io/proxy-body-size': '64k' }),
    [quotas]: quota({ 'requests.cpu': '4', memory: '8Gi' }),
    '/api/v1/namespaces/risk/limitranges': limits,
  };
  expect(codes(await examine(changes))).toEqual([]);
});

const base = { host: 'jobs.example.com', maxBody: '64Ki' } as const;
const ways: readonly RouteModel[] = [
  ...(['haproxy-ingress', 'ingress-nginx', 'nginx', 'traefik'] as const).map((controller): RouteModel => ({
    ...base,
    kind: 'ingress',
    controller,
    class: undefined,
    tlsSecret: undefined,
    hostNamespace: undefined,
  })),
  ...(['envoy-gateway', 'nginx-gateway-fabric', 'traefik', undefined] as const).map((controller): RouteModel => ({
    ...base,
    kind: 'gateway',
    controller,
    parentRefs: [{ name: 'public', namespace: 'gateways' }],
  })),
];
it.each(ways)('knows the limit of the route that millrace makes: $kind, $controller', async (route) => {
  const model = { ...namespaceModel, route };
  const made = renderRoute(model);
  const changes = {
    [ingresses]: made.filter(({ kind }) => kind === 'Ingress'),
    '/apis/gateway.networking.k8s.io/v1/namespaces/risk/httproutes': made.filter(({ kind }) => kind === 'HTTPRoute'),
  };
  const checks = await checkNamespace(
    { api: api({ ...well, ...changes }), namespaces: [model], services: [serviceModel], objects: [listener] },
    model,
  );
  expect(checks.find(({ what }) => what === 'way to listener millrace')?.found).toMatch(
    /^(Ingress|HTTPRoute) millrace( \(bodies of at most 64k\))?$/,
  );
  expect(codes(checks)).toEqual(route.controller === undefined ? ['doctor/no-body-limit'] : []);
});

it('says of everything that it may not read that it was not seen, and looks at the rest', async () => {
  const all = Object.fromEntries(Object.keys(well).map((path) => [path, forbidden]));
  const checks = await examine(all);
  expect(new Set(codes(checks))).toEqual(new Set(['doctor/not-seen']));
  expect(checks.every(({ state, found }) => state === 'unknown' || found === '0 of 1 are there')).toBe(true);
  expect(codes(await examine({ [airflow]: forbidden, '/api/v1/namespaces/risk': { metadata: { labels: {} } } }))).toEqual([
    'doctor/pod-security',
    'doctor/not-seen',
  ]);
});

it("takes a service account's JSON that ends in a line feed for what it is", async () => {
  expect(codes(await examine({ [airflow]: secret({ token: '{\n  "type": "service_account"\n}\n' }) }))).toEqual([]);
});

describe('the limit of somebody else before the listener', () => {
  const routes = '/apis/gateway.networking.k8s.io/v1/namespaces/risk/httproutes';
  const at = (namespace: string, path: string): string => {
    const [version = '', plural = ''] = path.split(':');
    return `/apis/${version}/namespaces/${namespace}/${plural}`;
  };
  const backend = (namespace = 'risk'): string => at(namespace, 'gateway.envoyproxy.io/v1alpha1:backendtrafficpolicies');
  const settings = (namespace = 'risk'): string => at(namespace, 'gateway.nginx.org/v1alpha1:clientsettingspolicies');
  const clients = at('gateways', 'gateway.envoyproxy.io/v1alpha1:clienttrafficpolicies');
  const middlewares = at('risk', 'traefik.io/v1alpha1:middlewares');
  const toRoute = { targetRefs: [{ kind: 'HTTPRoute', name: 'jobs' }] };
  const toGateway = { targetRef: { kind: 'Gateway', name: 'public' } };
  const policy = (spec: object): unknown => [{ metadata: { name: 'limits' }, spec }];
  const httpRoute = (filters: readonly string[] = []): unknown => [
    {
      metadata: { name: 'jobs' },
      spec: {
        parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
        rules: [
          {
            backendRefs: [{ name: 'el-millrace' }],
            filters: filters.map((name) => ({ type: 'ExtensionRef', extensionRef: { group: 'traefik.io', kind: 'Middleware', name } })),
          },
        ],
      },
    },
  ];
  const buffering = (bytes: number): unknown => policy({ buffering: { maxRequestBodyBytes: bytes } });
  const traefik = { 'traefik.ingress.kubernetes.io/router.middlewares': 'risk-limits@kubernetescrd' };

  it.each<[string, string, Objects]>([
    ['BackendTrafficPolicy', '64Ki', { [backend()]: policy({ ...toRoute, requestBuffer: { limit: '64Ki' } }) }],
    ['BackendTrafficPolicy of the Gateway', '1Mi', { [backend('gateways')]: policy({ ...toGateway, requestBuffer: { limit: '1Mi' } }) }],
    [
      'BackendTrafficPolicy of the Gateway, to which one of the route adds',
      '1Mi',
      {
        [backend()]: policy({ ...toRoute, mergeType: 'StrategicMerge' }),
        [backend('gateways')]: policy({ ...toGateway, requestBuffer: { limit: '1Mi' } }),
      },
    ],
    [
      "BackendTrafficPolicy of the Gateway's listener",
      '65536',
      { [backend('gateways')]: policy({ targetRefs: [{ kind: 'Gateway', name: 'public', sectionName: 'https' }], requestBuffer: { limit: 65536 } }) },
    ],
    ['ClientSettingsPolicy', '64k', { [settings()]: policy({ targetRef: toRoute.targetRefs[0], body: { maxSize: '64k' } }) }],
    ['ClientSettingsPolicy of the Gateway', '1m', { [settings('gateways')]: policy({ ...toGateway, body: { maxSize: '1m' } }) }],
    ['Middleware of the route', '65536 bytes', { [routes]: httpRoute(['limits']), [middlewares]: buffering(65_536) }],
    ['Middleware of an Ingress', '65536 bytes', { [routes]: [], [ingresses]: ingress(traefik), [middlewares]: buffering(65_536) }],
    ['annotation', '8m', { [routes]: [], [ingresses]: ingress({ 'nginx.org/client-max-body-size': '8m' }) }],
  ])('%s: %s', async (_, size, changes) => {
    const checks = await examine({ [routes]: httpRoute(), ...changes });
    expect(codes(checks)).toEqual([]);
    expect(checks.find(({ what }) => what === 'way to listener millrace')?.found).toContain(`(bodies of at most ${size})`);
  });

  it.each<[string, Objects]>([
    ['sets no limit to bodies that is known here', {}],
    ['(BackendTrafficPolicy limits has no requestBuffer)', { [backend()]: policy(toRoute) }],
    [
      '(BackendTrafficPolicy limits has no requestBuffer)',
      { [backend()]: policy(toRoute), [backend('gateways')]: policy({ ...toGateway, requestBuffer: { limit: '1Mi' } }) },
    ],
    ['mode LimitOnly, which refuses no body)', { [backend()]: policy({ ...toRoute, requestBuffer: { limit: '1Mi', mode: 'LimitOnly' } }) }],
    ['is known here', { [backend()]: policy({ targetRefs: [{ kind: 'HTTPRoute', name: 'other' }], requestBuffer: { limit: '1Mi' } }) }],
    [
      'is known here',
      { [backend('gateways')]: policy({ targetRefs: [{ kind: 'Gateway', name: 'public', sectionName: 'other' }], requestBuffer: { limit: '1Mi' } }) },
    ],
    ['lets bodies of up to 100Mi through (BackendTrafficPolicy limits)', { [backend()]: policy({ ...toRoute, requestBuffer: { limit: '100Mi' } }) }],
    [
      '(ClientTrafficPolicy limits of Gateway public sets a buffer, which refuses no body)',
      { [clients]: policy({ ...toGateway, connection: { bufferLimit: '32Ki' } }) },
    ],
    [
      'lets bodies of any size through (ClientSettingsPolicy limits)',
      { [settings()]: policy({ targetRef: toRoute.targetRefs[0], body: { maxSize: '0' } }) },
    ],
    ['(Middleware limits has no buffering.maxRequestBodyBytes)', { [routes]: httpRoute(['limits']), [middlewares]: policy({ headers: {} }) }],
    ['(its middleware risk-limits@kubernetescrd is not seen here)', { [routes]: [], [ingresses]: ingress(traefik) }],
    [
      'lets bodies of any size through (annotation nginx.ingress.kubernetes.io/proxy-body-size)',
      { [routes]: [], [ingresses]: ingress({ 'nginx.ingress.kubernetes.io/proxy-body-size': '0' }) },
    ],
  ])('doctor/no-body-limit: %s', async (words, changes) => {
    const found = (await examine({ [routes]: httpRoute(), ...changes })).flatMap(({ diagnostics }) => diagnostics);
    expect(found).toMatchObject([{ code: 'doctor/no-body-limit', message: expect.stringContaining(words) as string }]);
  });

  it('says that it may not read a policy, and goes on', async () => {
    const found = (await examine({ [routes]: httpRoute(), [backend('gateways')]: forbidden })).flatMap(({ diagnostics }) => diagnostics);
    expect(found).toMatchObject([
      {
        code: 'doctor/not-seen',
        message: 'whether HTTPRoute jobs limits bodies was not looked at: you may not read backendtrafficpolicies in namespace gateways',
      },
    ]);
    const limited = {
      [routes]: httpRoute(),
      [backend('gateways')]: forbidden,
      [settings()]: policy({ targetRef: toRoute.targetRefs[0], body: { maxSize: '64k' } }),
    };
    expect(codes(await examine(limited))).toEqual([]);
    expect(codes(await examine({ [routes]: forbidden }))).toEqual(['doctor/not-seen']);
  });
});
