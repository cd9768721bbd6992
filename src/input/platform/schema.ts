import { secretStoreKinds } from '../connection/credentials-schema.js';
import { connectionDefaults, nameLimits, platformDefaults } from '../defaults.js';
import { label } from '../definitions.js';
import { senders } from '../../contract/senders.js';
import { forms } from '../forms.js';
import { flag, formed, integer, list, map, object, oneOf, text, use, type Schema } from '../json-schema.js';
import { deliveryDefinitions } from './delivery-schema.js';
import { feedbackDefinitions } from './feedback-schema.js';
import { operationsDefinitions } from './operations-schema.js';
import { networkDefinitions } from './network-schema.js';
import { teamWalls, wallDefinitions } from './walls-schema.js';

const target = object('The cluster that the output is for.', ['kubernetes', 'pipelines', 'triggers'], {
  kubernetes: formed('Kubernetes version of the cluster, in quotes; at least 1.28.', forms.version, 9, { examples: ['1.34'] }),
  pipelines: formed('Tekton Pipelines version of the cluster, in quotes; at least 1.15.', forms.version, 9, { examples: ['1.15'] }),
  triggers: formed('Tekton Triggers version of the cluster, in quotes; at least 0.37.', forms.version, 9, { examples: ['0.37'] }),
  distribution: oneOf('Kind of cluster. openshift: the user id is left to the cluster.', ['kubernetes', 'openshift'], {
    default: platformDefaults.distribution,
  }),
});

const images = object('The images of the helper steps; every node that runs jobs must be able to pull them.', ['rclone', 'node'], {
  rclone: use('Image', 'rclone 1.75 or later, for the transfers.', { examples: ['docker.io/rclone/rclone:1.75.2@sha256:…'] }),
  node: use('Image', 'Node.js 20.15 or later, for the steps of our own.', { examples: ['docker.io/library/node:22-slim@sha256:…'] }),
});

const ceilings = object('What one job of the team may use at most; what is left out is not limited.', [], {
  cpu: use('Quantity', 'CPU of one job.', { examples: ['16'] }),
  memory: use('Quantity', 'Memory of one job.', { examples: ['64Gi'] }),
  gpu: integer('GPUs of one job.', 0, 1024, { examples: [2] }),
  storage: use('Quantity', 'Sum of the volumes of one job.', { examples: ['200Gi'] }),
  timeout: use('Duration', "Longest timeout of a run: its steps' timeouts and its wait.", { examples: ['12h'] }),
});

const team = object('A team: a folder below services/, and the namespace its jobs run in.', ['name', 'registries'], {
  name: label("The team's name: its folder below services/. At most 63 characters; connections is reserved.", nameLimits.team),
  namespace: label("Namespace of the team's jobs; belongs to this team only. Default: the team's name."),
  manageNamespace: flag('Emit the Namespace with its Pod Security labels.', platformDefaults.manageNamespace),
  ceilings: use('Ceilings', 'What one job of the team may use at most; what is left out is not limited.'),
  quota: teamWalls.quota,
  registries: list(
    'Where the images of the team\'s services may come from: registries, or paths in them that end in "/".',
    text('A registry or a path in one.', 255),
    { min: 1, max: 64 },
    { examples: [['registry.example.com/risk/']] },
  ),
  imagePullSecrets: list(
    'Secrets in the namespace that hold the credentials of registries.',
    use('ObjectName', 'Name of a Secret.'),
    { max: 16 },
    {
      examples: [['regcred']],
    },
  ),
  secrets: list(
    'Secrets that the team\'s own connections may use: names, or beginnings of names followed by "*". Default: none.',
    formed('Name of a Secret, or its beginning followed by "*".', forms.secretPattern, 253),
    { max: 64 },
    { examples: [['risk-*']] },
  ),
  endpoints: list(
    "Endpoints that the team's own connections may use. Default: none but the providers' own.",
    use('Url', 'An endpoint.'),
    { max: 64 },
    {
      examples: [['https://minio.risk.example.com']],
    },
  ),
  secretStores: list(
    "Stores of External Secrets that the team's own connections may read, and what of them. Default: none.",
    use('AllowedSecretStore', 'A store, and what of it.'),
    { max: 64 },
  ),
  identities: list(
    'Identities of a cloud that the team\'s own connections may use: ARNs of roles, service accounts or providers of Google, client ids of Azure, "instance" for that of the node; or beginnings followed by "*". Default: none.',
    formed('An identity, or its beginning followed by "*".', forms.identityPattern, 600),
    { max: 64 },
    { examples: [['arn:aws:iam::123456789012:role/risk-*']] },
  ),
  viewers: teamWalls.viewers,
  enforcement: teamWalls.enforcement,
});

const toleration = object('A toleration, as Kubernetes defines it.', [], {
  key: formed('Key of the taint; left out with operator Exists: every taint.', forms.qualifiedKey, 317, { examples: ['nvidia.com/gpu'] }),
  operator: oneOf('How key and value are compared.', ['Equal', 'Exists'], { default: 'Equal' }),
  value: { description: 'Value of the taint; only with operator Equal.', type: 'string', pattern: forms.labelValue.pattern, maxLength: 63 },
  effect: oneOf('Effect of the taint; left out: every effect.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  tolerationSeconds: integer('Seconds that a pod stays on a node after the taint appears; only with effect NoExecute.', 0, 2_147_483_647),
});

const nodePool = object('Nodes that jobs may ask for by name.', ['name', 'teams'], {
  name: label('Name of the pool, as services give it.'),
  nodeSelector: map(
    'Labels that the nodes of the pool have.',
    { type: 'string', pattern: forms.qualifiedKey.pattern, maxLength: 317 },
    { description: 'The value of the label.', type: 'string', pattern: forms.labelValue.pattern, maxLength: 63 },
    16,
    { examples: [{ pool: 'a100' }] },
  ),
  tolerations: list('Taints of the nodes that jobs tolerate.', use('Toleration', 'A toleration.'), { max: 16 }),
  runtimeClass: use('ObjectName', "RuntimeClass of the jobs' pods. Default: the cluster's.", { examples: ['nvidia'] }),
  gpuResource: formed('Name of the resource that counts GPUs on these nodes.', forms.resourceName, 317, { default: platformDefaults.gpuResource }),
  teams: list('Teams that may use the pool.', use('Reference', 'Name of a team.'), { min: 1, max: 1000 }),
});

const queue = object('A Kueue queue that jobs may wait in.', ['name', 'teams'], {
  name: label('Name of the queue, as services give it.'),
  localQueue: formed(
    "Name of Kueue's LocalQueue in the namespace of each of the teams; at most 63 characters. Default: the queue's name.",
    forms.objectName,
    63,
  ),
  teams: list('Teams that may use the queue.', use('Reference', 'Name of a team.'), { min: 1, max: 1000 }),
});

const caller = object('A system that may start jobs by webhook.', ['name', 'auth', 'secretRef', 'services'], {
  name: label(`Name of the caller, recorded with each run. At most ${String(nameLimits.caller)} characters.`, nameLimits.caller),
  auth: oneOf('How the caller proves who it is. hmac: X-Hub-Signature-256 over the body; token: the token itself in X-Millrace-Token.', [
    'hmac',
    'token',
  ]),
  sends: oneOf(
    'What the caller sends. job: bodies of jobs. eventbridge, minio: events of a store, which start services that have the caller under triggers.events; needs auth: token, and MinIO sends the token as Authorization: Bearer.',
    senders,
    { default: platformDefaults.sends },
  ),
  secretRef: object('The Secret that holds the HMAC key or token; in every namespace whose services the caller may call.', ['name'], {
    name: use('ObjectName', 'Name of the Secret.'),
    keys: object('Where the Secret calls its keys something else.', [], {
      token: use('SecretKey', 'Key of the token or HMAC key in the Secret.', { default: 'token' }),
    }),
  }),
  services: list(
    'Services that the caller may call: "*" for all, TEAM/* for those of a team, TEAM/SERVICE for one.',
    formed('"*", TEAM/* or TEAM/SERVICE.', forms.servicePattern, 127),
    { min: 1, max: 1000 },
    { examples: [['*'], ['risk/*'], ['risk/fraud-scorer']] },
  ),
});

const webhook = object('How jobs are started from outside. Left out: by no one.', ['host'], {
  host: formed(
    'Host name under which callers reach the listeners: at /TEAM/api/v1/batch/job, dedicated ones at /TEAM/SERVICE/api/v1/batch/job.',
    forms.hostName,
    253,
    {
      examples: ['jobs.example.com'],
    },
  ),
  callers: list('Who may start jobs.', use('Caller', 'A system that may start jobs by webhook.'), { max: 256 }),
  requireRequestId: flag(
    'Refuse requests without a requestId, so that a repeated request never starts a second job.',
    platformDefaults.requireRequestId,
  ),
  route: use('Route', 'How requests reach the listeners. Default: by what you apply yourself.'),
});

export const platformDefinitions = {
  ...feedbackDefinitions,
  ...operationsDefinitions,
  ...wallDefinitions,
  ...networkDefinitions,
  ...deliveryDefinitions,
  PlatformTeam: team,
  AllowedSecretStore: object('A store of External Secrets, and what of it.', ['name', 'keys'], {
    name: use('ObjectName', 'Name of the store.', { examples: ['vault'] }),
    kind: oneOf('SecretStore: in the namespace of the team. ClusterSecretStore: one for the cluster.', secretStoreKinds, {
      default: connectionDefaults.secretStoreKind,
    }),
    keys: list(
      'Entries of it: names, or beginnings of names followed by "*".',
      formed('Name of an entry, or its beginning followed by "*".', forms.remoteKeyPattern, 512),
      { min: 1, max: 64 },
      { examples: [['risk/*']] },
    ),
  }),
  Ceilings: ceilings,
  NodePool: nodePool,
  Toleration: toleration,
  Queue: queue,
  Caller: caller,
  PlatformSpec: object('What the platform team decides for everyone.', ['target', 'images', 'teams'], {
    target,
    images,
    requireDigests: flag('Refuse images without a digest, here and in services.', platformDefaults.requireDigests),
    teams: list('The teams; a folder below services/ that is not listed here is an error.', use('PlatformTeam', 'A team.'), { min: 1, max: 1000 }),
    nodePools: list('Nodes that jobs may ask for by name.', use('NodePool', 'Nodes that jobs may ask for by name.'), { max: 256 }),
    queues: list('Kueue queues that jobs may wait in.', use('Queue', 'A Kueue queue.'), { max: 256 }),
    webhook,
    network: use('Network', 'What jobs and listeners may reach, and who reaches the listeners. Default: no NetworkPolicies.'),
    feedback: use('PlatformFeedback', 'Where records of requests and responses go.'),
    gitops: use('Gitops', 'Objects of the engine that brings the output to the cluster. Default: none.'),
    cleanup: use('Cleanup', 'Who ends hung runs and removes what nobody needs any more, and when.'),
    metrics: use('Metrics', 'Alerts for the Prometheus operator.'),
  }),
} satisfies Record<string, Schema>;
