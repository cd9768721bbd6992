import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** Triggers reads a body of any size before it checks the signature: only what stands in front of a listener bounds it. */
export function checkBodyLimit({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  const route = webhook?.route;
  if (!route || route.kind === 'ingress') return [];
  const isLimited = route.kind === 'none' ? route.maxBody !== undefined : route.controller !== undefined;
  return isLimited ? [] : [diagnose('check/no-body-limit', at(place, 'webhook', 'route', 'kind'), { kind: route.kind })];
}
