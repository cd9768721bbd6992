import type { Kind } from './kinds.js';

/** What belongs at a path. */
export interface Expected {
  readonly kind: Kind;
  /** What `metadata.name` must be. */
  readonly name: string;
  /** The folder that owns it; undefined: the platform. */
  readonly team: string | undefined;
  /** What the name is taken from. */
  readonly namedBy: 'file' | 'folder';
}

export const platformFile = 'services/platform.yaml';
/** The folder of the platform's connections, and of a team's own below the team's. */
export const connectionsFolder = 'connections';

/** The one kind that belongs at this path below the root, or undefined where none does. */
export function expectedAt(path: string): Expected | undefined {
  const [root, ...below] = path.split('/');
  const file = below.at(-1);
  if (root !== 'services' || !file?.endsWith('.yaml')) return undefined;
  const name = file.slice(0, -'.yaml'.length);
  const [first, second] = below;
  if (below.length === 1) return path === platformFile ? { kind: 'Platform', name, team: undefined, namedBy: 'file' } : undefined;
  if (below.length === 2 && first === connectionsFolder) return { kind: 'Connection', name, team: undefined, namedBy: 'file' };
  if (below.length === 2 && file === 'team.yaml') return { kind: 'Team', name: first ?? '', team: first, namedBy: 'folder' };
  if (below.length === 2) return { kind: 'InferenceService', name, team: first, namedBy: 'file' };
  if (below.length === 3 && second === connectionsFolder && first !== connectionsFolder)
    return { kind: 'Connection', name, team: first, namedBy: 'file' };
  return undefined;
}

/** Where a document of the kind belongs, for hints. */
export const homeOf: Readonly<Record<Kind, string>> = {
  Platform: platformFile,
  Team: 'services/TEAM/team.yaml',
  Connection: "services/connections/NAME.yaml (the platform's) or services/TEAM/connections/NAME.yaml (a team's own)",
  InferenceService: 'services/TEAM/NAME.yaml',
};
