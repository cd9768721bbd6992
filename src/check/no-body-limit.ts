import { isMore } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at, atKey } from '../resolve/place.js';

/** A request has a few kilobytes; ten bodies of this size at a time are still read by a listener with the memory that ours have. */
const mostBody = '4Mi';

/** A limit that keeps nothing away. */
export function checkBodyLimitHeight({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  const maxBody = webhook?.route?.maxBody;
  if (maxBody === undefined || !isMore(maxBody, mostBody)) return [];
  return [diagnose('check/body-limit-too-high', at(place, 'webhook', 'route', 'maxBody'), { maxBody, most: mostBody })];
}

/** Triggers reads a body of any size before it checks the signature: only what stands in front of a listener bounds it. */
export function checkBodyLimit({ spec: { webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  // Without callers there is no listener.
  if (!webhook?.callers?.length) return [];
  const { route } = webhook;
  if (!route) return [diagnose('check/no-body-limit', atKey(place, 'webhook'), { kind: undefined })];
  if (route.kind === 'ingress') return [];
  const isLimited = route.kind === 'none' ? route.maxBody !== undefined : route.controller !== undefined;
  return isLimited ? [] : [diagnose('check/no-body-limit', at(place, 'webhook', 'route', 'kind'), { kind: route.kind })];
}
