import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec } from '../input/generated/types.js';
import type { ConnectionDefinition, PlatformDefinition } from '../resolve/definition.js';
import { parseEndpoint } from '../resolve/endpoint.js';
import { problemOfHost } from '../resolve/host.js';
import { at } from '../resolve/place.js';
import type { Site } from './check.js';

/** What a team's own connections may use is written as endpoints are. */
export const checkPlatformEndpoints = ({ spec, place }: PlatformDefinition): readonly Diagnostic[] =>
  spec.teams.flatMap(({ endpoints }, index) =>
    (endpoints ?? []).flatMap((text, position) => problemsOf({ text, place: at(place, 'teams', index, 'endpoints', position) })),
  );

/** The addresses of the store and of its proxy. */
export function checkConnectionEndpoint({ spec, place }: ConnectionDefinition): readonly Diagnostic[] {
  const proxies = spec.proxy ? problemsOf({ text: spec.proxy.url, place: at(place, 'proxy', 'url') }) : [];
  return [...proxies, ...storeProblems(spec, place)];
}

function storeProblems(spec: ConnectionSpec, place: Place): readonly Diagnostic[] {
  if (spec.endpoint === undefined) return [];
  const site = { text: spec.endpoint, place: at(place, 'endpoint') };
  const problems = problemsOf(site);
  if (problems.length > 0 || parseEndpoint(spec.endpoint)?.scheme !== 'http') return problems;
  return [diagnose('check/plain-http-endpoint', site.place, { endpoint: spec.endpoint, exposed: 'data and signatures' })];
}

/** No endpoint, or one that no job must talk to. */
function problemsOf({ text, place }: Site): readonly Diagnostic[] {
  const endpoint = parseEndpoint(text);
  if (!endpoint) return [diagnose('check/invalid-endpoint', place, { endpoint: withoutUser(text), hint: hintFor(text) })];
  const problem = problemOfHost(endpoint.host, 'store');
  return problem === undefined ? [] : [diagnose('check/not-a-store', place, { host: endpoint.host, problem })];
}

/** What stands before "@" may be a password. */
export const withoutUser = (text: string): string => text.replace(/^([a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');

function hintFor(text: string): string {
  if (text.includes('@')) return 'no user and no password: credentials are in a Secret';
  if (!/^https?:\/\//.test(text))
    return parseEndpoint(`https://${text}`) ? `write https://${text}` : 'write https:// and the host, with its port if it has one';
  const [origin] = /^https?:\/\/[^/?#]+/.exec(text) ?? [];
  if (origin !== undefined && origin !== text && parseEndpoint(origin)) return `write ${origin}: nothing may follow the host and port`;
  return 'write https:// and the host in lower case, with its port if it has one';
}
