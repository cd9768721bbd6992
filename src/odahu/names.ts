import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { nameLimits } from '../input/defaults.js';
import { forms } from '../input/forms.js';
import { reservedServiceName } from '../input/reserved.js';
import { idSpan, type Resource } from './documents.js';

const serviceForm = new RegExp(forms.serviceName.pattern);
const labelForm = new RegExp(forms.label.pattern);

/** The name of a service for its id in ODAHU: the id itself where it can be, otherwise the most of it that can. */
export function serviceNameOf(id: string): string {
  const slug = slugOf(id, nameLimits.service) || 'service';
  return isReserved(slug) ? slugOf(`odahu-${slug}`, nameLimits.service) : slug;
}

const isReserved = (name: string): boolean => reservedServiceName(name, '', []).length > 0;

/** Likewise of a connection. */
export const connectionNameOf = (id: string): string =>
  labelForm.test(id) && id.length <= nameLimits.connection ? id : slugOf(id, nameLimits.connection) || 'connection';

/** The most of a text that can be in a name of ours, at most so many characters; empty where nothing of it can. */
export function slugOf(text: string, length: number): string {
  if (serviceForm.test(text) && text.length <= length) return text;
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, length)
    .replace(/-+$/, '');
}

/** Resources whose ids differ and whose names would be the same. */
export function sameNames(resources: readonly Resource[], nameOf: (id: string) => string): readonly Diagnostic[] {
  const first = new Map<string, Resource>();
  return resources.flatMap((resource) => {
    const { kind, id = '' } = resource;
    const name = nameOf(id);
    const known = first.get(name);
    if (!known) {
      first.set(name, resource);
      return [];
    }
    // That one is given twice is said already.
    if (known.id === id) return [];
    const related = [{ message: `"${known.id ?? ''}" becomes this name too`, where: idSpan(known) }];
    return [diagnose('odahu/same-name', idSpan(resource), { kind, id, name, other: known.id ?? '' }, { related })];
  });
}
