import { platformDefaults } from '../defaults.js';
import { forms } from '../forms.js';
import { byTag, formed, list, object, oneOf, use, type Schema } from '../json-schema.js';

const tag = (description: string, value: string): Schema => ({ description, type: 'string', const: value });
const kind = (value: string): Schema => tag('How requests reach the listeners.', value);
const engine = (value: string): Schema => tag('What brings the output to the cluster.', value);

const maxBody = (description: string, notes = {}): Schema => formed(description, forms.bodySize, 6, notes);

const source = {
  repoURL: formed('Where the engine reads the repository: https:// or ssh://, without a password.', forms.repositoryUrl, 2048, {
    examples: ['https://git.example.com/ml/services.git'],
  }),
  revision: formed('Branch that the engine follows.', forms.branch, 255, { default: platformDefaults.gitops.revision }),
  path: formed('Folder of the output in the repository.', forms.folder, 512, { default: platformDefaults.gitops.path }),
};

/** How requests come to the cluster, and how the output does. */
export const deliveryDefinitions = {
  Route: byTag(
    'How requests reach the listeners.',
    'kind',
    'none: by what you apply yourself. ingress: an Ingress. gateway: an HTTPRoute of the Gateway API.',
    { none: 'NoRoute', ingress: 'IngressRoute', gateway: 'GatewayRoute' },
  ),
  NoRoute: object('No route is made.', ['kind'], {
    kind: kind('none'),
    maxBody: maxBody('Largest body that the route which you apply yourself lets through. Default: it has no limit.', { examples: ['64Ki'] }),
  }),
  IngressRoute: object('An Ingress in the namespace of each team.', ['kind', 'controller'], {
    kind: kind('ingress'),
    controller: oneOf(
      'What serves the Ingress, which decides how its body limit is written. ingress-nginx: of the Kubernetes project. nginx: of F5.',
      ['haproxy-ingress', 'ingress-nginx', 'nginx', 'traefik'],
    ),
    class: use('ObjectName', "Name of the IngressClass. Default: the cluster's.", { examples: ['nginx'] }),
    maxBody: maxBody('Largest body of a request.', { default: platformDefaults.maxBody }),
    tls: object(
      'Serve HTTPS with a certificate in the namespace of each team, or in hostNamespace. Left out: what the controller does by itself.',
      ['secretName'],
      { secretName: use('ObjectName', 'Name of the Secret that holds the certificate for the host.', { examples: ['jobs-tls'] }) },
    ),
    hostNamespace: use(
      'Label',
      'For controller: nginx, and needed there: namespace of the one Ingress that has the host and its certificate, to which those of the teams add their paths.',
      { examples: ['nginx-ingress'] },
    ),
  }),
  GatewayRoute: object('An HTTPRoute in the namespace of each team.', ['kind', 'parentRefs'], {
    kind: kind('gateway'),
    parentRefs: list('Gateways that serve the route.', use('ParentRef', 'A Gateway.'), { min: 1, max: 32 }),
    controller: oneOf('What serves the Gateway, which decides how a body limit is written. Left out: another one, and there is no limit.', [
      'envoy-gateway',
      'nginx-gateway-fabric',
      'traefik',
    ]),
    maxBody: maxBody('Largest body of a request.', { default: platformDefaults.maxBody }),
  }),
  ParentRef: object('A Gateway.', ['name', 'namespace'], {
    name: use('ObjectName', 'Name of the Gateway.'),
    namespace: use('Label', 'Its namespace; its listeners must allow routes of the namespaces of teams.'),
    sectionName: use('ObjectName', 'Name of the listener of the Gateway. Default: every one that fits.'),
  }),
  Gitops: byTag(
    'Objects of the engine that brings the output to the cluster.',
    'engine',
    'argocd: Applications. flux: a GitRepository and Kustomizations. none: no objects.',
    { argocd: 'ArgocdGitops', flux: 'FluxGitops', none: 'NoGitops' },
  ),
  ArgocdGitops: object('An Argo CD Application for each folder of the output.', ['engine', 'repoURL'], {
    engine: engine('argocd'),
    ...source,
    namespace: use('Label', 'Namespace of the Applications.', { default: platformDefaults.gitops.namespace.argocd }),
    project: use('ObjectName', 'Project of the Applications.', { default: platformDefaults.gitops.project }),
  }),
  FluxGitops: object('A Flux GitRepository, and a Kustomization for each folder of the output.', ['engine', 'repoURL'], {
    engine: engine('flux'),
    ...source,
    namespace: use('Label', 'Namespace of the objects.', { default: platformDefaults.gitops.namespace.flux }),
    secretRef: object('Credentials of the repository.', ['name'], { name: use('ObjectName', 'Name of the Secret.') }),
    decryption: object('Keys for Secrets that are encrypted with SOPS.', ['name'], { name: use('ObjectName', 'Name of the Secret.') }),
  }),
  NoGitops: object('No objects: something else brings the output to the cluster.', ['engine'], { engine: engine('none') }),
} satisfies Record<string, Schema>;
