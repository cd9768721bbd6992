/** The Secrets that the connections of a namespace's services bring with them. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { NamespaceSecret } from '../model/model.js';
import type { Connection } from './connection.js';
import { at } from './place.js';
import type { PlatformContext } from './platform.js';
import { secretIn } from './secret-source.js';
import type { ResolvedService } from './service.js';

/** The connections that the services of each team use, each once, sorted by name. */
export function connectionsByTeam(services: readonly ResolvedService[]): ReadonlyMap<string, readonly Connection[]> {
  const used = new Map<string, Map<string, Connection>>();
  for (const { context, connections } of services) {
    const known = used.get(context.model.team) ?? new Map<string, Connection>();
    used.set(context.model.team, known);
    for (const connection of connections) known.set(connection.definition.name, connection);
  }
  return new Map([...used].map(([team, known]) => [team, [...known.values()].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))]));
}

/** One of each name, sorted by it: two connections may list one file. */
export function secretsOf(connections: readonly Connection[], namespace: string): readonly NamespaceSecret[] {
  const secrets = new Map<string, NamespaceSecret>();
  for (const connection of connections) {
    const secret = secretIn(connection, namespace);
    if (secret && !secrets.has(secret.name)) secrets.set(secret.name, secret);
  }
  return [...secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A Secret that one connection brings, and another one or the platform brings or needs as something else. */
export function secretNameProblems(services: readonly ResolvedService[], platform: PlatformContext): readonly Diagnostic[] {
  return [...connectionsByTeam(services)].flatMap(([team, connections]) => {
    const context = services.find((service) => service.context.model.team === team)?.context;
    if (!context) return [];
    const first = new Map<string, { readonly connection: Connection; readonly content: string }>();
    return connections.flatMap((connection) => {
      const secret = secretIn(connection, context.model.namespace);
      if (!secret) return [];
      const text = JSON.stringify({ ...secret, connection: '' });
      const known = first.get(secret.name);
      first.set(secret.name, known ?? { connection, content: text });
      const owner = ownerOf(secret.name, context.model.imagePullSecrets, platform);
      const other = known && known.content !== text ? `connection "${known.connection.definition.name}"` : owner;
      if (other === undefined) return [];
      const where = { ...at(connection.definition.place, 'credentials'), target: 'key' as const };
      return [diagnose('resolve/secret-name-taken', where, { secret: secret.name, namespace: context.model.namespace, other })];
    });
  });
}

/** What else the platform keeps in a Secret of a team's namespace. */
function ownerOf(name: string, imagePullSecrets: readonly string[], { definition: { spec } }: PlatformContext): string | undefined {
  const caller = spec.webhook?.callers?.find(({ secretRef }) => secretRef.name === name);
  if (caller) return `the caller "${caller.name}"`;
  if (imagePullSecrets.includes(name)) return 'a registry of images';
  const { fluentd, cloudevents } = spec.feedback ?? {};
  return fluentd?.secretRef?.name === name || cloudevents?.secretRef?.name === name ? 'the feedback sink' : undefined;
}
