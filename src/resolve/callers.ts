import { platformDefaults } from '../input/defaults.js';
import type { CallerModel } from '../model/model.js';
import type { DeclaredCaller, PlatformContext } from './platform.js';

/** Whether Platform lets the caller call a service: `*`, `TEAM/*` or `TEAM/SERVICE`. */
export const mayCall = ({ patterns }: DeclaredCaller, team: string, service: string): boolean =>
  patterns.has('*') || patterns.has(`${team}/*`) || patterns.has(`${team}/${service}`);

/** Whether Platform lets the caller call any service of the team. */
const mayCallTeam = ({ value }: DeclaredCaller, team: string): boolean =>
  value.services.some((pattern) => pattern === '*' || pattern.startsWith(`${team}/`));

/** Rather than events of a store. */
export const sendsJobs = ({ value }: DeclaredCaller): boolean => (value.sends ?? platformDefaults.sends) === 'job';

/** Sorted by name. */
export const callersOfTeam = ({ callers }: PlatformContext, team: string): readonly CallerModel[] =>
  [...callers.values()]
    .filter((caller) => mayCallTeam(caller, team))
    .map(({ value: { name, auth, sends, secretRef } }) => ({
      name,
      auth,
      secretName: secretRef.name,
      secretKey: secretRef.keys?.token ?? 'token',
      sends: sends ?? platformDefaults.sends,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
