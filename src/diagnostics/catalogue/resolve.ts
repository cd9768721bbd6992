import { error, warning } from '../define.js';
import { didYouMean, listed, quote, quoteUrl } from '../words.js';

export interface InTeam {
  readonly team: string;
}

/** Names that are known, in any order. */
export interface Known {
  readonly known: readonly string[];
}

const teamsHint = ({ team, known }: InTeam & Known): string =>
  didYouMean(team, known, 'declared teams', 'declare the team in services/platform.yaml');

export const resolveCatalogue = {
  // Platform
  'resolve/duplicate-name': error<{ readonly kind: string; readonly name: string }>(
    ({ kind, name }) => `there is already ${kind === 'event' ? 'an' : 'a'} ${kind} called ${quote(name)}`,
    () => 'give it another name, or merge the two',
  ),
  'resolve/shared-namespace': error<InTeam & { readonly namespace: string; readonly owner: string }>(
    ({ team, namespace, owner }) => `namespace ${quote(namespace)} of team ${quote(team)} belongs to team ${quote(owner)} already`,
    () => 'give every team a namespace of its own',
  ),
  'resolve/reserved-caller': error<{ readonly name: string }>(
    ({ name }) => `the caller name ${quote(name)} is reserved`,
    ({ name }) => `runs that no caller started carry the label value ${name}`,
  ),
  'resolve/unknown-team': error<InTeam & Known>(({ team }) => `team ${quote(team)} is not declared`, teamsHint),
  'resolve/undeclared-team-folder': error<InTeam & Known>(({ team }) => `the folder services/${team}/ belongs to no declared team`, teamsHint),
  'resolve/unknown-service': warning<{ readonly service: string } & Known>(
    ({ service }) => `there is no service ${quote(service)}`,
    ({ service, known }) => didYouMean(service, known, 'services', 'the caller may call it as soon as it is there'),
  ),

  // Connections
  'resolve/duplicate-connection': error<InTeam & { readonly name: string }>(
    ({ name }) => `the platform has a connection called ${quote(name)} already`,
    ({ name, team }) => `a reference could mean either: call this one ${team}-${name}, for example`,
  ),
  'resolve/grant-to-another-team': error<InTeam & { readonly owner: string }>(
    ({ owner, team }) => `a connection of team ${quote(owner)} cannot be opened to team ${quote(team)}`,
    () => "what several teams use is the platform's: move the file to services/connections/",
  ),
  'resolve/secret-not-allowed': error<InTeam & { readonly secret: string; readonly allowed: readonly string[] }>(
    ({ team, secret }) => `team ${quote(team)} may not use the Secret ${quote(secret)} in a connection`,
    ({ allowed }) =>
      allowed.length > 0 ? `it may use: ${listed(allowed)}` : 'it may use none: list its Secrets under teams[].secrets in services/platform.yaml',
  ),
  'resolve/endpoint-not-allowed': error<InTeam & { readonly endpoint: string; readonly allowed: readonly string[] }>(
    ({ team, endpoint }) => `team ${quote(team)} may not use the endpoint ${quoteUrl(endpoint)}`,
    ({ allowed }) =>
      allowed.length > 0
        ? `it may use: ${listed(allowed)}`
        : "it may use the providers' own only: list others under teams[].endpoints in services/platform.yaml",
  ),

  'resolve/secret-store-not-allowed': error<InTeam & { readonly kind: string; readonly store: string; readonly allowed: readonly string[] }>(
    ({ team, kind, store }) => `team ${quote(team)} may not read the ${kind} ${quote(store)} in a connection`,
    ({ allowed }) =>
      allowed.length > 0
        ? `it may read: ${listed(allowed)}`
        : 'it may read none: list its stores under teams[].secretStores in services/platform.yaml',
  ),
  'resolve/remote-key-not-allowed': error<InTeam & { readonly ours: string; readonly store: string; readonly allowed: readonly string[] }>(
    ({ team, ours, store }) => `team ${quote(team)} may not read the entry of the store ${quote(store)} that ${ours} is in`,
    ({ allowed }) => `it may read: ${listed(allowed)}`,
  ),
  'resolve/unknown-secret-file': error<{ readonly file: string; readonly folder: string } & Known>(
    ({ file }) => `there is no file ${quote(file)}`,
    ({ file, folder, known }) => didYouMean(file, known, 'files there', `put it into ${folder}`),
  ),
  'resolve/secret-file-does-not-fit': error<{ readonly problem: string; readonly hint: string }>(
    ({ problem }) => problem,
    ({ hint }) => hint,
  ),
  'resolve/missing-secret-key': error<{ readonly key: string; readonly ours: string } & Known>(
    ({ key }) => `the Secret in the file has no key ${quote(key)}`,
    ({ key, ours, known }) => `${didYouMean(key, known, 'it has', 'it has none')}; where it is called otherwise, say so: keys: {${ours}: …}`,
  ),
  'resolve/no-secret-for-namespace': error<{ readonly connection: string; readonly namespace: string } & Known>(
    ({ connection, namespace }) => `connection ${quote(connection)} lists no Secret for the namespace ${quote(namespace)}`,
    ({ namespace, known }) =>
      `${known.length > 0 ? `it has one for: ${listed(known)}; ` : ''}seal or encrypt one with metadata.namespace: ${namespace}, and list its file`,
  ),
  'resolve/secret-name-taken': error<{ readonly secret: string; readonly namespace: string; readonly other: string }>(
    ({ secret, namespace, other }) => `the Secret ${quote(secret)} in the namespace ${quote(namespace)} is that of ${other} already`,
    () => 'one would replace the other: give the Secret another name, and seal or encrypt it anew',
  ),
  'resolve/unused-secret-file': warning<{ readonly file: string }>(
    ({ file }) => `no connection lists ${quote(file)}, so it reaches no cluster`,
    () => 'list it under credentials.sealedSecret.files or credentials.sops.files of a connection beside its folder, or remove it',
  ),
  'resolve/identity-not-allowed': error<InTeam & { readonly identity: string; readonly allowed: readonly string[] }>(
    ({ team, identity }) => `team ${quote(team)} may not use the identity ${quote(identity)} in a connection`,
    ({ allowed }) =>
      allowed.length > 0
        ? `it may use: ${listed(allowed)}`
        : 'it may use none: list its identities under teams[].identities in services/platform.yaml',
  ),
  'resolve/identity-name-taken': error<{ readonly name: string; readonly other: string }>(
    ({ name, other }) => `connection ${quote(other)} has another identity called ${quote(name)}`,
    () => 'a name is one ServiceAccount: give this identity another one; where they are of two clouds, sharedIdentity: true in both allows it',
  ),
  'resolve/two-identities': error<{ readonly connection: string; readonly other: string; readonly problem: string; readonly hint: string }>(
    ({ connection, other, problem }) => `the connections ${quote(connection)} and ${quote(other)} ${problem}`,
    ({ hint }) => hint,
  ),
  'resolve/identity-not-shared': error<{ readonly connection: string; readonly others: readonly string[] }>(
    ({ connection, others }) =>
      `the identity of connection ${quote(connection)} is not shared, and the service uses another one: that of ${listed(others.map(quote))}`,
    () => 'say sharedIdentity: true in both connections, or let the service do with one identity',
  ),
  'resolve/two-proxies': error<{ readonly connection: string; readonly other: string }>(
    ({ connection, other }) => `the connections ${quote(connection)} and ${quote(other)} do not agree on a proxy`,
    () => 'the transfers of one job go through one proxy: give both the same, or let the service use one of them',
  ),

  // References of a service
  'resolve/unknown-connection': error<{ readonly connection: string } & Known>(
    ({ connection }) => `connection ${quote(connection)} is not declared`,
    ({ connection, known }) => didYouMean(connection, known, 'this team may use', 'no connection is open to this team yet'),
  ),
  'resolve/connection-of-another-team': error<{ readonly connection: string; readonly owner: string }>(
    ({ connection, owner }) => `connection ${quote(connection)} belongs to team ${quote(owner)}`,
    ({ owner }) => `what several teams use is the platform's: services/${owner}/connections/ is for that team only`,
  ),
  'resolve/access-denied': error<
    InTeam & { readonly connection: string; readonly mode: 'read' | 'write'; readonly path: string; readonly granted: readonly string[] }
  >(
    ({ team, connection, mode, path }) => `team ${quote(team)} may not ${mode} ${quote(path)} in connection ${quote(connection)}`,
    ({ mode, granted, path }) => {
      if (granted.length === 0) return `no rule under access lets it ${mode} anything there`;
      return `it may ${mode}: ${listed(granted)}${path.includes('{') ? ' (only what stands before the first placeholder counts)' : ''}`;
    },
  ),
  'resolve/missing-path': error<{ readonly connection: string }>(
    ({ connection }) => `the reference has no path, and connection ${quote(connection)} has no defaultPath`,
    () => 'give the path, counted from the root of the bucket or container',
  ),
  'resolve/unknown-node-pool': error<{ readonly pool: string } & Known>(
    ({ pool }) => `node pool ${quote(pool)} is not declared`,
    ({ pool, known }) => didYouMean(pool, known, 'this team may use', 'no node pool is open to this team'),
  ),
  'resolve/node-pool-not-allowed': error<InTeam & { readonly pool: string } & Known>(
    ({ pool, team }) => `node pool ${quote(pool)} is not open to team ${quote(team)}`,
    ({ known }) => (known.length > 0 ? `this team may use: ${listed(known)}` : 'no node pool is open to this team'),
  ),
  'resolve/node-pool-shape': error<{ readonly schedule?: string | undefined; readonly pool: string; readonly difference: string }>(
    ({ schedule, pool, difference }) =>
      `${schedule === undefined ? 'requests' : `schedule ${quote(schedule)}`} cannot choose node pool ${quote(pool)}: ${difference}`,
    () => "a run takes only the texts of its nodeSelector from the request: pools to choose from have one shape, that of the service's nodePool",
  ),
  'resolve/schedule-node-pool': error<{ readonly schedule: string; readonly pool: string } & Known>(
    ({ schedule, pool }) => `schedule ${quote(schedule)} chooses node pool ${quote(pool)}, which requests to the service may not choose`,
    ({ known }) => `add it to triggers.webhook.overrides.nodePools; ${known.length > 0 ? `now there are: ${listed(known)}` : 'now there are none'}`,
  ),
  'resolve/unknown-queue': error<{ readonly queue: string } & Known>(
    ({ queue }) => `queue ${quote(queue)} is not declared`,
    ({ queue, known }) => didYouMean(queue, known, 'this team may use', 'no queue is open to this team'),
  ),
  'resolve/queue-not-allowed': error<InTeam & { readonly queue: string } & Known>(
    ({ queue, team }) => `queue ${quote(queue)} is not open to team ${quote(team)}`,
    ({ known }) => (known.length > 0 ? `this team may use: ${listed(known)}` : 'no queue is open to this team'),
  ),

  // Webhook
  'resolve/unknown-caller': error<{ readonly caller: string } & Known>(
    ({ caller }) => `caller ${quote(caller)} is not declared`,
    ({ caller, known }) => didYouMean(caller, known, 'callers of this service', 'services/platform.yaml lets no caller call this service'),
  ),
  'resolve/caller-not-allowed': error<{ readonly caller: string; readonly service: string } & Known>(
    ({ caller, service }) => `caller ${quote(caller)} may not call ${quote(service)}`,
    ({ known }) => (known.length > 0 ? `callers of this service: ${listed(known)}` : 'services/platform.yaml lets no caller call this service'),
  ),
  'resolve/caller-sends-events': error<{ readonly caller: string } & Known>(
    ({ caller }) => `caller ${quote(caller)} sends events of a store, and no jobs`,
    ({ caller, known }) =>
      didYouMean(caller, known, 'callers of this service', 'name it under triggers.events, or leave it out: the webhook has callers of its own'),
  ),
  'resolve/caller-sends-jobs': error<{ readonly caller: string } & Known>(
    ({ caller }) => `caller ${quote(caller)} sends jobs, and no events of a store`,
    ({ known }) =>
      known.length > 0
        ? `callers that send events to this service: ${listed(known)}`
        : 'declare a caller with sends: eventbridge or sends: minio in services/platform.yaml',
  ),
  'resolve/events-without-token': error<{ readonly sends: string }>(
    ({ sends }) => `a caller that sends events of ${sends} cannot sign them`,
    () => 'write auth: token, and give the sender the token of the Secret',
  ),
  'resolve/event-leaves-open': error<{ readonly field: string }>(
    ({ field }) => `an event starts a job, but nothing says its ${field}`,
    ({ field }) =>
      field === 'dataSource'
        ? 'say where data arrives: dataSource with connection and prefix; the dataSource of the service is no folder, or there is none'
        : `give the service an ${field}: an event says what to read, and nothing else`,
  ),
  'resolve/store-without-events': error<{ readonly connection: string; readonly sends: string; readonly type: string }>(
    ({ connection, sends, type }) =>
      `connection ${quote(connection)} is ${type === 's3' ? (sends === 'minio' ? 'AWS S3' : 'a store of your own') : `of type ${type}`}, whose events do not come from ${sends}`,
    ({ type }) =>
      type === 's3'
        ? 'EventBridge tells of buckets on AWS; a connection with an endpoint is a MinIO, whose events come from a caller with sends: minio'
        : 'let what tells of the arrival post a job instead: docs/events.md',
  ),
  'resolve/webhook-not-configured': error(
    () => 'the service has a webhook, but the platform has none',
    () => 'say triggers.webhook.enabled: false, or declare webhook in services/platform.yaml',
  ),
  'resolve/webhook-without-caller': error<{ readonly service: string } & Known>(
    () => 'nobody may call the webhook of this service',
    ({ service, known }) =>
      known.length > 0
        ? `name at least one of its callers: ${listed(known)}; or say triggers.webhook.enabled: false`
        : `let a caller call ${service} in services/platform.yaml, or say triggers.webhook.enabled: false`,
  ),
  'resolve/missing-override': error<{ readonly field: string }>(
    ({ field }) => `${field} is left to the request, but nothing says what a request may choose`,
    ({ field }) => `list folders under triggers.webhook.overrides.${field}, or give ${field}`,
  ),
  'resolve/request-without-webhook': error<{ readonly field: string }>(
    ({ field }) => `${field} is left to the request, but the webhook takes none`,
    ({ field }) => `give ${field}, or enable the webhook`,
  ),
  'resolve/incomplete-schedule': error<{ readonly schedule: string; readonly field: string; readonly lacks: 'all' | 'connection' }>(
    ({ schedule, field, lacks }) =>
      lacks === 'all'
        ? `schedule ${quote(schedule)} gives no ${field}, and the service has none of its own`
        : `${field} of schedule ${quote(schedule)} has no connection, and the service has no ${field} of its own`,
    ({ field, lacks }) =>
      lacks === 'all' ? `give request.${field} with connection and path, or give the service a ${field}` : 'give the connection',
  ),
  'resolve/duplicate-service-id': error<{ readonly id: string; readonly other: string }>(
    ({ id, other }) => `the id ${quote(id)} is that of service ${quote(other)} already`,
    () => 'a request names a service by its id: give every service of a team its own serviceId',
  ),
};
