import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { atKey } from '../resolve/place.js';

const prefixes = ['ODAHU_', 'MILLRACE_', 'RCLONE_', 'AWS_', 'AZURE_', 'GOOGLE_', 'KUBERNETES_'] as const;

/** Names that the job sets itself, or that would make the predictor pass for one of the steps with credentials. */
export function checkReservedEnvironment({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  return Object.keys(spec.env ?? {}).flatMap((name) => {
    const upper = name.toUpperCase();
    const prefix = upper === 'HOME' ? 'HOME' : prefixes.find((reserved) => upper.startsWith(reserved));
    return prefix === undefined ? [] : [diagnose('check/reserved-environment', atKey(place, 'env', name), { name, prefix })];
  });
}
