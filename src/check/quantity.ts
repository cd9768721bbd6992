import { bytesOf, canonicalCpu, canonicalQuantity, parseQuantity } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { Feedback, Storage, Transfers } from '../input/generated/types.js';
import type { PlatformDefinition, ServiceDefinition, TeamDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import type { Site } from './check.js';
import { scheduledAmounts } from './schedule-resources.js';

interface QuantitySite extends Site {
  readonly unit: 'cpu' | 'bytes';
}

const oneByte = 1_000_000_000n;

/** Ceilings and quotas are quantities of Kubernetes in canonical form. */
export const checkPlatformQuantities = ({ spec, place }: PlatformDefinition): readonly Diagnostic[] =>
  spec.teams.flatMap(({ ceilings, quota }, index) => {
    const here = at(place, 'teams', index, 'ceilings');
    const shared = at(place, 'teams', index, 'quota');
    return checkSites([
      ...site('cpu', ceilings?.cpu, at(here, 'cpu')),
      ...site('bytes', ceilings?.memory, at(here, 'memory')),
      ...site('bytes', ceilings?.storage, at(here, 'storage')),
      ...site('cpu', quota?.cpu, at(shared, 'cpu')),
      ...site('bytes', quota?.memory, at(shared, 'memory')),
    ]);
  });

/** A team's defaults of storage, bandwidth and feedback. */
export const checkTeamQuantities = ({ spec, place }: TeamDefinition): readonly Diagnostic[] => [
  ...checkSites([...storageSites(spec.storage, at(place, 'storage')), ...bandwidthSite(spec.transfers, place)]),
  ...checkInlineLimit(spec.feedback, at(place, 'feedback')),
];

/** Resources, their upper bounds, storage, bandwidth and feedback of a service. */
export function checkServiceQuantities({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  const { requests, limits } = spec.resources ?? {};
  const here = at(place, 'resources');
  const bounds = spec.triggers?.webhook?.overrides?.resources;
  const boundsPlace = at(place, 'triggers', 'webhook', 'overrides', 'resources');
  const sites = checkSites([
    ...site('cpu', requests?.cpu, at(here, 'requests', 'cpu')),
    ...site('bytes', requests?.memory, at(here, 'requests', 'memory')),
    ...site('cpu', limits?.cpu, at(here, 'limits', 'cpu')),
    ...site('bytes', limits?.memory, at(here, 'limits', 'memory')),
    ...site('cpu', bounds?.cpu, at(boundsPlace, 'cpu')),
    ...site('bytes', bounds?.memory, at(boundsPlace, 'memory')),
    ...scheduledAmounts({ spec, place }).flatMap(({ resource, value, where }) =>
      resource === 'gpu' ? [] : site(resource === 'cpu' ? 'cpu' : 'bytes', value, where),
    ),
    ...storageSites(spec.storage, at(place, 'storage')),
    ...bandwidthSite(spec.transfers, place),
  ]);
  return [...sites, ...checkInlineLimit(spec.feedback, at(place, 'feedback'))];
}

/** Sinks bound what they take: a few megabytes, and many of them less. */
const largestInline = '1Mi';

function checkInlineLimit(feedback: Feedback | undefined, feedbackPlace: Place): readonly Diagnostic[] {
  const text = feedback?.inlineLimit;
  if (text === undefined) return [];
  const place = at(feedbackPlace, 'inlineLimit');
  const found = checkSites(site('bytes', text, place));
  const bytes = bytesOf(text);
  if (found.length > 0 || (bytes !== undefined && bytes <= (bytesOf(largestInline) ?? 0))) return found;
  const problem = `is more than ${largestInline}`;
  return [diagnose('check/invalid-quantity', place, { quantity: text, problem, hint: 'larger files are recorded as references' })];
}

const bandwidthSite = (transfers: Transfers | undefined, place: Place): readonly QuantitySite[] =>
  site('bytes', transfers?.bandwidth ?? undefined, at(place, 'transfers', 'bandwidth'));

const site = (unit: QuantitySite['unit'], text: string | undefined, place: Place): readonly QuantitySite[] =>
  text === undefined ? [] : [{ unit, text, place }];

const storageSites = (storage: Storage | undefined, place: Place): readonly QuantitySite[] =>
  (['data', 'model', 'output', 'tmp', 'shm'] as const).flatMap((volume) => site('bytes', storage?.[volume], at(place, volume)));

const checkSites = (sites: readonly QuantitySite[]): readonly Diagnostic[] => sites.flatMap((one) => invalid(one) ?? notCanonical(one));

function invalid({ text, unit, place }: QuantitySite): Diagnostic | undefined {
  const quantity = parseQuantity(text);
  if (!quantity) return diagnose('check/invalid-quantity', place, { quantity: text, problem: 'is no quantity', hint: quantityHint(text, unit) });
  if (quantity.nano === 0n)
    return diagnose('check/invalid-quantity', place, { quantity: text, problem: 'is nothing', hint: 'it must be more than 0' });
  if (unit === 'cpu' || quantity.nano % oneByte === 0n) return undefined;
  const hint = text.endsWith('m') ? `"m" stands for thousandths; did you mean ${text.slice(0, -1)}Mi?` : 'give whole bytes, for example 512Mi';
  return diagnose('check/invalid-quantity', place, { quantity: text, problem: 'is no whole number of bytes', hint });
}

const canonical = ({ text, unit }: QuantitySite): string | undefined => (unit === 'cpu' ? canonicalCpu(text) : canonicalQuantity(text));

function notCanonical(one: QuantitySite): readonly Diagnostic[] {
  const shortest = canonical(one);
  if (shortest === undefined || shortest === one.text) return [];
  return [diagnose('check/quantity-not-canonical', one.place, { quantity: one.text, canonical: shortest })];
}

/** Ways to write a quantity that Kubernetes does not know: `8GB`, `8 Gi`, `8gi`, `8GiB`. */
function quantityHint(text: string, unit: QuantitySite['unit']): string {
  const [, amount, prefix = ''] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgtpe]i?)?b?\s*$/i.exec(text) ?? [];
  if (amount !== undefined && unit === 'bytes') {
    const meant = canonicalQuantity(`${amount}${prefix.slice(0, 1).toUpperCase()}${prefix === '' ? '' : 'i'}`);
    if (meant !== undefined) return `did you mean "${meant}"?`;
  }
  return unit === 'cpu' ? 'write cores, for example "2" or "500m"' : 'write a number with a unit, for example 512Mi or 8Gi';
}
