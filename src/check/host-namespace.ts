import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** NGINX of F5 merges Ingresses of a host only below one that has the host; with the others there is none such. */
export function checkHostNamespace({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  const route = webhook?.route;
  if (route?.kind !== 'ingress') return [];
  const { controller, hostNamespace } = route;
  const isGiven = hostNamespace !== undefined;
  if (isGiven === (controller === 'nginx')) return [];
  return [diagnose('check/host-namespace', at(place, 'webhook', 'route', isGiven ? 'hostNamespace' : 'controller'), { controller, isGiven })];
}
