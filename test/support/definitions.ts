/** The smallest definitions that compile, for tests of resolving and checking. */
import type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from '../../src/input/generated/types.js';
import type { ConnectionDefinition, PlatformDefinition, ServiceDefinition, TeamDefinition } from '../../src/resolve/definition.js';
import { indexConnections } from '../../src/resolve/connections.js';
import { resolveNamespace, type NamespaceContext } from '../../src/resolve/namespace.js';
import { resolvePlatform } from '../../src/resolve/platform.js';

export const digest = `sha256:${'a'.repeat(64)}`;

export const platform = (more: Partial<PlatformSpec> = {}): PlatformDefinition => ({
  name: 'platform',
  spec: {
    target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
    images: { rclone: `rclone/rclone@${digest}`, node: `node@${digest}` },
    teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
    ...more,
  },
  place: { file: 'services/platform.yaml', path: ['spec'] },
});

export const team = (spec: TeamSpec): TeamDefinition => ({ name: 'risk', spec, place: { file: 'services/risk/team.yaml', path: ['spec'] } });

export const connection = (name: string, more: Partial<ConnectionSpec> = {}, owner?: string): ConnectionDefinition => ({
  name,
  team: owner,
  spec: { type: 's3', bucket: `${name}-bucket`, region: 'eu-central-1', credentials: { anonymous: true }, ...more } as ConnectionSpec,
  place: { file: owner === undefined ? `services/connections/${name}.yaml` : `services/${owner}/connections/${name}.yaml`, path: ['spec'] },
});

/** Without a webhook, and with everything in the team's own connection `store`. */
export const service = (more: Partial<InferenceServiceSpec> = {}, name = 'scorer'): ServiceDefinition => ({
  name,
  spec: {
    image: `registry.example.com/risk/scorer@${digest}`,
    command: ['python'],
    modelSource: { imagePath: '/opt/app/model', name: 'scorer', version: '1' },
    dataSource: { connection: 'store', path: 'in/' },
    outputDestination: { connection: 'store', path: 'out/' },
    triggers: { webhook: { enabled: false } },
    ...more,
  },
  place: { file: `services/risk/${name}.yaml`, path: ['spec'] },
});

export interface ContextParts {
  readonly platform?: PlatformDefinition;
  readonly defaults?: TeamDefinition;
  readonly connections?: readonly ConnectionDefinition[];
}

/** The context of team `risk`. */
export function context({
  platform: definition = platform(),
  defaults,
  connections = [connection('store', {}, 'risk')],
}: ContextParts = {}): NamespaceContext {
  const [resolved] = resolvePlatform(definition);
  const declared = resolved.teams.get('risk');
  if (!declared) throw new Error('the platform of a test declares team risk');
  const [index] = indexConnections(connections, []);
  return {
    platform: resolved,
    team: declared,
    model: resolveNamespace(resolved, declared, index),
    defaults,
    defaultsBroken: false,
    connections: index,
  };
}
