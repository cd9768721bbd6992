/** How requests reach the listener of a namespace: by an Ingress or an HTTPRoute, each with its body limit. */
import { bytesOf } from '../../base/quantity.js';
import type { NamespaceModel, RouteModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { shared } from '../names.js';

/** The Service that Triggers makes for the EventListener of this name, and its port. */
const backend = { name: `el-${shared}`, port: 8080 };

type Ingress = Extract<RouteModel, { readonly kind: 'ingress' }>;
type Gateway = Extract<RouteModel, { readonly kind: 'gateway' }>;

/** Nothing but the one path that a namespace has. */
export function renderRoute({ namespace, webhookPath, route }: NamespaceModel): readonly Manifest[] {
  if (!route) return [];
  return route.kind === 'ingress' ? renderIngress(namespace, webhookPath, route) : renderGateway(namespace, webhookPath, route);
}

function renderIngress(namespace: string, path: string, route: Ingress): readonly Manifest[] {
  const { host, class: ingressClassName, tlsSecret } = route;
  const service = { name: backend.name, port: { number: backend.port } };
  return [
    ...(route.controller === 'traefik' ? [middleware(namespace, route)] : []),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: shared, namespace, annotations: limitAnnotations(namespace, route) },
      spec: {
        ...(ingressClassName === undefined ? {} : { ingressClassName }),
        rules: [{ host, http: { paths: [{ backend: { service }, path, pathType: 'Exact' }] } }],
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      },
    },
  ];
}

/** By which annotation of an Ingress a controller is told the largest body, or what limits it. */
export const bodyLimitAnnotations: Readonly<Record<Ingress['controller'], string>> = {
  'haproxy-ingress': 'haproxy-ingress.github.io/proxy-body-size',
  'ingress-nginx': 'nginx.ingress.kubernetes.io/proxy-body-size',
  nginx: 'nginx.org/client-max-body-size',
  traefik: 'traefik.ingress.kubernetes.io/router.middlewares',
};

/** Whether the HTTPRoute of this name is the one of {@link renderRoute}, with a body limit beside it. */
export const isLimitedRoute = (route: RouteModel | undefined, name: string): boolean =>
  name === shared && route?.kind === 'gateway' && route.controller !== undefined;

const limitAnnotations = (namespace: string, { controller, maxBody }: Ingress): Readonly<Record<string, string>> => ({
  [bodyLimitAnnotations[controller]]: controller === 'traefik' ? `${namespace}-${shared}@kubernetescrd` : nginxSize(maxBody),
});

/** `64Ki` is `64k` for these, whose units are powers of 1024. */
const nginxSize = (size: string): string => size.slice(0, -1).toLowerCase();

const middleware = (namespace: string, { maxBody }: RouteModel): Manifest => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: { name: shared, namespace },
  spec: { buffering: { maxRequestBodyBytes: bytesOf(maxBody) } },
});

function renderGateway(namespace: string, path: string, route: Gateway): readonly Manifest[] {
  const extensionRef = { group: 'traefik.io', kind: 'Middleware', name: shared };
  const filters = route.controller === 'traefik' ? { filters: [{ type: 'ExtensionRef', extensionRef }] } : {};
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: shared, namespace },
      spec: {
        hostnames: [route.host],
        // With the values that the API server would fill in.
        parentRefs: route.parentRefs.map((ref) => ({ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...ref })),
        rules: [
          {
            backendRefs: [{ group: '', kind: 'Service', name: backend.name, port: backend.port, weight: 1 }],
            ...filters,
            matches: [{ method: 'POST', path: { type: 'Exact', value: path } }],
          },
        ],
      },
    },
    ...gatewayLimit(namespace, route),
  ];
}

/** The Gateway API itself has no body limit. */
function gatewayLimit(namespace: string, route: Gateway): readonly Manifest[] {
  const target = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: shared };
  const metadata = { name: shared, namespace };
  switch (route.controller) {
    case undefined:
      return [];
    case 'envoy-gateway': {
      const spec = { requestBuffer: { limit: route.maxBody }, targetRefs: [target] };
      return [{ apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'BackendTrafficPolicy', metadata, spec }];
    }
    case 'nginx-gateway-fabric': {
      const spec = { body: { maxSize: nginxSize(route.maxBody) }, targetRef: target };
      return [{ apiVersion: 'gateway.nginx.org/v1alpha1', kind: 'ClientSettingsPolicy', metadata, spec }];
    }
    case 'traefik':
      return [middleware(namespace, route)];
  }
}
