import type { BrokenConnection } from './connections.js';
import type { ConnectionDefinition, PlatformDefinition, ServiceDefinition, TeamDefinition } from './definition.js';
import { noSecretFiles, type SecretFiles } from './secret-files.js';

/** A service in its team's folder. */
export interface TeamService extends ServiceDefinition {
  readonly team: string;
}

/** Everything that was understood, and the names of what is there but was not: nothing may follow from those. */
export interface Definitions {
  readonly platform: PlatformDefinition | undefined;
  /** By team, which is their name. */
  readonly teams: readonly TeamDefinition[];
  readonly connections: readonly ConnectionDefinition[];
  readonly services: readonly TeamService[];
  /** Files of encrypted Secrets. */
  readonly secretFiles: SecretFiles;
  readonly broken: {
    /** Teams whose `team.yaml` could not be understood. */
    readonly teams: ReadonlySet<string>;
    readonly connections: readonly BrokenConnection[];
    /** As `TEAM/SERVICE`. */
    readonly services: ReadonlySet<string>;
  };
}

/** For whoever has only some of them. */
export const noDefinitions: Definitions = {
  platform: undefined,
  teams: [],
  connections: [],
  services: [],
  secretFiles: noSecretFiles,
  broken: { teams: new Set(), connections: [], services: new Set() },
};
