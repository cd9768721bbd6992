import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Definitions } from '../resolve/definitions.js';
import { checkConnection, checkPlatform, checkTeam } from './others.js';
import { checkServiceDefinition } from './service.js';

/** Every check that needs one definition only. */
export const checkDefinitions = ({ platform, teams, connections, services }: Definitions): readonly Diagnostic[] => [
  ...(platform ? checkPlatform(platform) : []),
  ...teams.flatMap(checkTeam),
  ...connections.flatMap(checkConnection),
  ...services.flatMap(checkServiceDefinition),
];
