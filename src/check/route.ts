import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** What the API server takes for an IPv4 address, with zeros before a number, too; no other address is a host name by its form. */
const address = /^(0*(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\.(?!$)|$)){4}$/;

/** An Ingress is refused for an address, and the Gateway API has none for one. @see https://gateway-api.sigs.k8s.io/reference/spec/#hostname */
export function checkRouteHost({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  const kind = webhook?.route?.kind ?? 'none';
  if (!webhook || kind === 'none' || !address.test(webhook.host)) return [];
  return [diagnose('check/host-is-address', at(place, 'webhook', 'host'), { kind, host: webhook.host })];
}

/** The schema of HTTPRoute: of several references to one Gateway each names a listener, and each another one. */
export function checkGateways({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  const route = webhook?.route;
  if (route?.kind !== 'gateway') return [];
  return route.parentRefs.flatMap((ref, index) => {
    const first = route.parentRefs.findIndex(
      ({ namespace, name, sectionName }) =>
        namespace === ref.namespace &&
        name === ref.name &&
        (sectionName === undefined || ref.sectionName === undefined || sectionName === ref.sectionName),
    );
    if (first === index) return [];
    const placeOf = (position: number) => at(place, 'webhook', 'route', 'parentRefs', position);
    const related = [{ message: 'first named here', where: placeOf(first) }];
    return [diagnose('check/gateway-named-twice', placeOf(index), { gateway: `${ref.namespace}/${ref.name}` }, { related })];
  });
}
