import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderDedicatedRoute, renderHost, renderHostElsewhere, renderRoute } from '../../../src/manifests/routes/route.js';
import type { RouteModel } from '../../../src/model/model.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

const render = (route: RouteModel | undefined): readonly Manifest[] => renderRoute({ ...namespaceModel, route });
const shared = { host: 'jobs.example.com', maxBody: '64Ki' };
const ingress = { kind: 'ingress', ...shared, class: 'public', tlsSecret: 'jobs-tls', hostNamespace: undefined } as const;
const gateway = { kind: 'gateway', ...shared, parentRefs: [{ name: 'public', namespace: 'gateways' }] } as const;

describe('an Ingress', () => {
  it('leads the one path of the namespace to its listener', () => {
    expect(render({ ...ingress, controller: 'ingress-nginx' })).toMatchObject([
      {
        kind: 'Ingress',
        metadata: { name: 'millrace', namespace: 'risk' },
        spec: {
          ingressClassName: 'public',
          rules: [
            {
              host: 'jobs.example.com',
              http: {
                paths: [{ path: '/risk/api/v1/batch/job', pathType: 'Exact', backend: { service: { name: 'el-millrace', port: { number: 8080 } } } }],
              },
            },
          ],
          tls: [{ hosts: ['jobs.example.com'], secretName: 'jobs-tls' }],
        },
      },
    ]);
  });

  it.each([
    ['ingress-nginx', { 'nginx.ingress.kubernetes.io/proxy-body-size': '64k' }],
    ['nginx', { 'nginx.org/client-max-body-size': '64k', 'nginx.org/mergeable-ingress-type': 'minion' }],
    [
      'haproxy-ingress',
      {
        'haproxy-ingress.github.io/proxy-body-size': '64k',
        // The size is that which a request announces: without this, one that announces none has no limit.
        'haproxy-ingress.github.io/config-backend': 'http-request deny deny_status 400 unless { req.hdr_cnt(content-length) gt 0 }',
      },
    ],
    ['traefik', { 'traefik.ingress.kubernetes.io/router.middlewares': 'risk-millrace@kubernetescrd' }],
  ] as const)('has the body limit of %s', (controller, annotations) => {
    expect(render({ ...ingress, controller }).at(-1)?.metadata.annotations).toEqual(annotations);
  });

  it('of Traefik comes with the middleware that limits it', () => {
    expect(render({ ...ingress, controller: 'traefik', maxBody: '1Mi' })[0]).toMatchObject({
      kind: 'Middleware',
      metadata: { name: 'millrace', namespace: 'risk' },
      spec: { buffering: { maxRequestBodyBytes: 1_048_576 } },
    });
  });
});

describe('with NGINX of F5', () => {
  const merged = { ...ingress, controller: 'nginx', hostNamespace: 'web' } as const;
  const host = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'millrace--host', namespace: 'web', annotations: { 'nginx.org/mergeable-ingress-type': 'master' } },
    // A master has one host and no path: else the controller refuses it, and all minions with it.
    spec: { ingressClassName: 'public', rules: [{ host: 'jobs.example.com' }], tls: [{ hosts: ['jobs.example.com'], secretName: 'jobs-tls' }] },
  };

  it('one Ingress has the host and its certificate', () => {
    expect(renderHost('web', merged)).toEqual([host]);
    expect(renderHost('risk', merged)).toEqual([]);
    expect(renderHost('web', { ...merged, hostNamespace: undefined, controller: 'ingress-nginx' })).toEqual([]);
    expect(renderHost('web', undefined)).toEqual([]);
  });

  it('is written once: with what belongs to no namespace, or with the team whose namespace it is', () => {
    const of = (namespace: string) => ({ ...namespaceModel, namespace, route: merged });
    expect(renderHostElsewhere([of('risk'), of('growth')])).toEqual([host]);
    expect(renderHostElsewhere([of('risk'), of('web')])).toEqual([]);
    expect(renderHostElsewhere([])).toEqual([]);
    const hosts = (namespace: string) => renderNamespace(of(namespace), 'runtime').filter(({ metadata }) => metadata.name === 'millrace--host');
    expect(hosts('web')).toEqual([host]);
    expect(hosts('risk')).toEqual([]);
  });

  it('the others add their paths to it, and have no certificate', () => {
    const [{ spec }] = render(merged) as readonly [Manifest & { readonly spec: object }];
    expect(Object.keys(spec)).toEqual(['ingressClassName', 'rules']);
  });
});

describe('an HTTPRoute', () => {
  it('takes POST at the one path of the namespace, with what the API server would fill in', () => {
    expect(render({ ...gateway, controller: undefined })).toEqual([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'millrace', namespace: 'risk' },
        spec: {
          hostnames: ['jobs.example.com'],
          parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateways' }],
          rules: [
            {
              backendRefs: [{ group: '', kind: 'Service', name: 'el-millrace', port: 8080, weight: 1 }],
              matches: [{ method: 'POST', path: { type: 'Exact', value: '/risk/api/v1/batch/job' } }],
            },
          ],
        },
      },
    ]);
  });

  const target = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'millrace' };
  it.each([
    ['envoy-gateway', 'BackendTrafficPolicy', { requestBuffer: { limit: '64Ki' }, targetRefs: [target] }],
    ['nginx-gateway-fabric', 'ClientSettingsPolicy', { body: { maxSize: '64k' }, targetRef: target }],
    ['traefik', 'Middleware', { buffering: { maxRequestBodyBytes: 65_536 } }],
  ] as const)('has the body limit of %s', (controller, kind, spec) => {
    expect(render({ ...gateway, controller })[1]).toMatchObject({ kind, spec });
  });

  it('names the middleware of Traefik', () => {
    expect(JSON.stringify(render({ ...gateway, controller: 'traefik' })[0])).toContain(
      '"extensionRef":{"group":"traefik.io","kind":"Middleware","name":"millrace"}',
    );
  });
});

it('is not made where the platform makes none', () => {
  expect(render(undefined)).toEqual([]);
});

describe('the route to a listener of a service of its own', () => {
  const dedicated = (route: RouteModel | undefined): readonly Manifest[] =>
    renderDedicatedRoute({
      ...serviceModel,
      namespace: { ...namespaceModel, route },
      webhook: serviceModel.webhook && { ...serviceModel.webhook, listener: 'dedicated' },
    });
  const path = '/risk/fraud-scorer/api/v1/batch/job';

  it('is an Ingress at the same host, with a path and a limit of its own', () => {
    expect(dedicated({ ...ingress, controller: 'ingress-nginx' })).toMatchObject([
      {
        kind: 'Ingress',
        metadata: { name: 'fraud-scorer', namespace: 'risk', annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '64k' } },
        spec: {
          rules: [
            {
              host: 'jobs.example.com',
              http: { paths: [{ path, pathType: 'Exact', backend: { service: { name: 'el-fraud-scorer', port: { number: 8080 } } } }] },
            },
          ],
          tls: [{ hosts: ['jobs.example.com'], secretName: 'jobs-tls' }],
        },
      },
    ]);
  });

  const target = { name: 'fraud-scorer' };
  it.each([
    ['envoy-gateway', { targetRefs: [target] }],
    ['nginx-gateway-fabric', { targetRef: target }],
    ['traefik', {}],
  ] as const)('is an HTTPRoute with the limit of %s', (controller, spec) => {
    const [route, limit] = dedicated({ ...gateway, controller });
    expect(route).toMatchObject({
      metadata: { name: 'fraud-scorer' },
      spec: { hostnames: ['jobs.example.com'], rules: [{ backendRefs: [{ name: 'el-fraud-scorer' }], matches: [{ path: { value: path } }] }] },
    });
    expect(limit).toMatchObject({ metadata: { name: 'fraud-scorer', namespace: 'risk' }, spec });
  });

  it.each(['ingress', 'gateway'] as const)('names the middleware of Traefik that is its own: %s', (kind) => {
    const objects = dedicated(kind === 'ingress' ? { ...ingress, controller: 'traefik' } : { ...gateway, controller: 'traefik' });
    expect(objects.find((object) => object.kind === 'Middleware')?.metadata.name).toBe('fraud-scorer');
    expect(JSON.stringify(objects)).toContain(
      kind === 'ingress' ? '"risk-fraud-scorer@kubernetescrd"' : '"kind":"Middleware","name":"fraud-scorer"}',
    );
  });

  it('is not made where the platform makes none', () => {
    expect(dedicated(undefined)).toEqual([]);
  });
});
