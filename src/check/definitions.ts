import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Definitions } from '../resolve/definitions.js';
import { checkConnection, checkPlatform, checkTeam } from './others.js';
import { checkServiceDefinition } from './service.js';
import { checkSopsDecrypted } from './sops-not-decrypted.js';

/** Every check of definitions as they were written, before anything is resolved. */
export const checkDefinitions = ({ platform, teams, connections, services }: Definitions): readonly Diagnostic[] => [
  ...(platform ? checkPlatform(platform) : []),
  ...teams.flatMap(checkTeam),
  ...connections.flatMap(checkConnection),
  ...services.flatMap(checkServiceDefinition),
  ...checkSopsDecrypted({ platform, connections }),
];
