/** How requests reach a listener: by an Ingress or an HTTPRoute, each with its body limit. */
import { constant } from '../../base/constant.js';
import { bytesOf } from '../../base/quantity.js';
import type { NamespaceModel, RouteModel, ServiceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { hostIngress, shared } from '../names.js';
import { webhookPathOf } from '../triggers/webhook-path.js';

/** The way to one listener. */
interface Way {
  readonly namespace: string;
  /** Of the EventListener, and of every object of the way. */
  readonly name: string;
  /** The one path that the listener takes. */
  readonly path: string;
}

/** The Service that Triggers makes for an EventListener, and its port. */
const backendOf = ({ name }: Way) => ({ name: `el-${name}`, port: 8080 });

type Ingress = Extract<RouteModel, { readonly kind: 'ingress' }>;
type Gateway = Extract<RouteModel, { readonly kind: 'gateway' }>;

/** To the team's listener: nothing but the one path that a namespace has. */
export const renderRoute = ({ namespace, webhookPath, route }: NamespaceModel): readonly Manifest[] =>
  renderWay({ namespace, name: shared, path: webhookPath }, route);

/** To the listener of a service's own: objects of the service, at the same host, so that no other service's change. */
export function renderDedicatedRoute(service: ServiceModel): readonly Manifest[] {
  const { namespace, route } = service.namespace;
  return renderWay({ namespace, name: service.name, path: webhookPathOf(service) }, route);
}

function renderWay(way: Way, route: RouteModel | undefined): readonly Manifest[] {
  if (!route) return [];
  return route.kind === 'ingress' ? renderIngress(way, route) : renderGateway(way, route);
}

/**
 * The Ingress of the host, in the namespace that Platform names for it. NGINX of F5 does not merge Ingresses of a host, unless one, without
 * a path, is its master and the others are minions, which have a path and a limit each, and no certificate.
 *
 * @see https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/cross-namespace-configuration/
 */
export function renderHost(namespace: string, route: RouteModel | undefined): readonly Manifest[] {
  if (route?.kind !== 'ingress' || route.hostNamespace !== namespace) return [];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: hostIngress, namespace, annotations: { [mergeable]: 'master' } },
      spec: { ...classOf(route), rules: [{ host: route.host }], ...tlsOf(route) },
    },
  ];
}

/** {@link renderHost} where the namespace is none of a team's. */
export function renderHostElsewhere(namespaces: readonly NamespaceModel[]): readonly Manifest[] {
  const route = namespaces[0]?.route;
  const namespace = route?.kind === 'ingress' ? route.hostNamespace : undefined;
  if (namespace === undefined || namespaces.some((model) => model.namespace === namespace)) return [];
  return renderHost(namespace, route);
}

const mergeable = 'nginx.org/mergeable-ingress-type';
const classOf = ({ class: ingressClassName }: Ingress) => (ingressClassName === undefined ? {} : { ingressClassName });
const tlsOf = ({ host, tlsSecret }: Ingress) => (tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] });

function renderIngress(way: Way, route: Ingress): readonly Manifest[] {
  const { namespace, name, path } = way;
  const backend = backendOf(way);
  const { host, hostNamespace } = route;
  const service = { name: backend.name, port: { number: backend.port } };
  return [
    ...(route.controller === 'traefik' ? [middleware(way, route)] : []),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace, annotations: limitAnnotations(way, route) },
      spec: {
        ...classOf(route),
        rules: [{ host, http: { paths: [{ backend: { service }, path, pathType: 'Exact' }] } }],
        ...(hostNamespace === undefined ? tlsOf(route) : {}),
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

function limitAnnotations({ namespace, name }: Way, { controller, maxBody }: Ingress): Readonly<Record<string, string>> {
  const annotation = bodyLimitAnnotations[controller];
  switch (controller) {
    case 'traefik':
      return { [annotation]: `${namespace}-${name}@kubernetescrd` };
    case 'haproxy-ingress':
      return { [annotation]: nginxSize(maxBody), ...lengthRequired };
    case 'ingress-nginx':
      return { [annotation]: nginxSize(maxBody) };
    case 'nginx':
      return { [annotation]: nginxSize(maxBody), [mergeable]: 'minion' };
  }
}

/**
 * HAProxy compares the length that a request announces, so one that announces none would pass with a body of any size. Of the lines that
 * a controller adds to our backend alone, this one is understood by every version of HAProxy that one comes with.
 *
 * @see https://docs.haproxy.org/2.8/configuration.html#7.3.6-req.body_size
 */
const lengthRequired = constant({
  'haproxy-ingress.github.io/config-backend': 'http-request deny deny_status 400 unless { req.hdr_cnt(content-length) gt 0 }',
});

/** `64Ki` is `64k` for these, whose units are powers of 1024. */
const nginxSize = (size: string): string => size.slice(0, -1).toLowerCase();

const middleware = ({ namespace, name }: Way, { maxBody }: RouteModel): Manifest => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: { name, namespace },
  spec: { buffering: { maxRequestBodyBytes: bytesOf(maxBody) } },
});

function renderGateway(way: Way, route: Gateway): readonly Manifest[] {
  const { namespace, name, path } = way;
  const backend = backendOf(way);
  const extensionRef = { group: 'traefik.io', kind: 'Middleware', name };
  const filters = route.controller === 'traefik' ? { filters: [{ type: 'ExtensionRef', extensionRef }] } : {};
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name, namespace },
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
    ...gatewayLimit(way, route),
  ];
}

/** The Gateway API itself has no body limit. */
function gatewayLimit(way: Way, route: Gateway): readonly Manifest[] {
  const { namespace, name } = way;
  const target = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name };
  const metadata = { name, namespace };
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
      return [middleware(way, route)];
  }
}
