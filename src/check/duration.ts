import { canonicalDuration, formatDuration, parseDuration } from '../base/duration.js';
import { sendingSeconds } from '../contract/feedback.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { TeamSpec } from '../input/generated/types.js';
import type { ConnectionDefinition, Definition, PlatformDefinition } from '../resolve/definition.js';
import { longestDuration } from '../resolve/limits.js';
import { at } from '../resolve/place.js';
import type { Site } from './check.js';

/** Ceilings, `cleanup.ttl` and `feedback.giveUpAfter` are durations within their bounds. */
export const checkPlatformDurations = ({ spec, place }: PlatformDefinition): readonly Diagnostic[] => [
  ...spec.teams.flatMap(({ ceilings }, index) => checkSites(site(ceilings?.timeout, at(place, 'teams', index, 'ceilings', 'timeout')))),
  ...checkSites(site(spec.cleanup?.ttl, at(place, 'cleanup', 'ttl')), spec.cleanup?.engine === 'tekton-pruner' ? longestPrunerTtl : longestDuration),
  // The step has an end of its own.
  ...checkSites(site(spec.feedback?.giveUpAfter, at(place, 'feedback', 'giveUpAfter')), sendingSeconds),
];

/**
 * Seconds: what tekton-pruner takes at most, or less if its own configuration says so.
 * @see https://github.com/tektoncd/pruner/blob/v0.4.1/docs/tutorials/namespace-configuration.md
 */
const longestPrunerTtl = 30 * 24 * 3600;
/** How often External Secrets reads the values of a connection anew. */
export const checkRefreshInterval = ({ spec, place }: ConnectionDefinition): readonly Diagnostic[] =>
  checkSites(site(spec.credentials.externalSecret?.refreshInterval, at(place, 'credentials', 'externalSecret', 'refreshInterval')));

/** Of a service or a team. */
export const checkDurations = ({ spec, place }: Definition<Pick<TeamSpec, 'timeout' | 'timeouts' | 'transfers'>>): readonly Diagnostic[] => [
  ...checkSites([
    ...site(spec.timeout, at(place, 'timeout')),
    ...site(spec.timeouts?.sync, at(place, 'timeouts', 'sync')),
    ...site(spec.timeouts?.wait, at(place, 'timeouts', 'wait')),
  ]),
  ...checkSites(site(spec.transfers?.connectTimeout, at(place, 'transfers', 'connectTimeout')), longestConnectTimeout),
  ...checkSites(site(spec.transfers?.idleTimeout, at(place, 'transfers', 'idleTimeout')), longestIdleTimeout),
];

/** Seconds. Whoever waits longer waits for nothing, and the step has an end of its own. */
const longestConnectTimeout = 300;
const longestIdleTimeout = 3600;

const site = (text: string | undefined, place: Place): readonly Site[] => (text === undefined ? [] : [{ text, place }]);

const checkSites = (sites: readonly Site[], longest = longestDuration): readonly Diagnostic[] =>
  sites.flatMap((one) => invalid(one, longest) ?? notCanonical(one));

function invalid({ text, place }: Site, longest: number): Diagnostic | undefined {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    return diagnose('check/invalid-duration', place, { duration: text, problem: 'is no duration', hint: durationHint(text) });
  if (seconds === 0)
    return diagnose('check/invalid-duration', place, { duration: text, problem: 'is no time at all', hint: 'it must be more than 0' });
  if (seconds <= longest) return undefined;
  return diagnose('check/invalid-duration', place, {
    duration: text,
    problem: 'is too long',
    hint: `at most ${formatDuration(longest)} are possible`,
  });
}

function notCanonical({ text, place }: Site): readonly Diagnostic[] {
  const canonical = canonicalDuration(text);
  return canonical === undefined || canonical === text ? [] : [diagnose('check/duration-not-canonical', place, { duration: text, canonical })];
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Ways to write a duration that others know: `1h30m`, `2d`, `90 min`. */
function durationHint(text: string): string {
  let seconds = 0;
  let rest = text.trim().toLowerCase();
  while (rest !== '') {
    const [part, amount, unit] = /^([0-9]{1,6})\s*([smhdw])(?:ecs?|econds?|ins?|inutes?|rs?|ours?|ays?|eeks?)?(?![a-z])\s*/.exec(rest) ?? [];
    const factor = secondsOf[unit ?? ''];
    if (part === undefined || factor === undefined) return 'write one whole number and one of s, m, h: 45s, 90m, 4h';
    seconds += Number(amount) * factor;
    rest = rest.slice(part.length);
  }
  return seconds > 0 ? `did you mean "${formatDuration(seconds)}"?` : 'write one whole number and one of s, m, h: 45s, 90m, 4h';
}
