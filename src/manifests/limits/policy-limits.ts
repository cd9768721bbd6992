import { isSmallNamespace } from '../../check/small.js';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { NamespaceModel, ServiceModel } from '../../model/model.js';
import { servicesIn } from '../../model/services-in.js';
import { policyExpressions } from '../walls/admission-policy.js';
import { limits } from './limits.js';

/**
 * Whether the API server reads what the admission policy of a namespace says of its services.
 *
 * @param all of every namespace
 */
export function checkPolicyLimits(model: NamespaceModel, all: readonly ServiceModel[]): readonly Diagnostic[] {
  if (isSmallNamespace(model, all)) return [];
  const services = servicesIn(model, all);
  const [size, name] = policyExpressions(model, services)
    .map(([name, { length }]) => [length, name] as const)
    .reduce((longest, each) => (each[0] > longest[0] ? each : longest));
  if (size <= limits.expression) return [];
  return [
    diagnose(
      'manifests/policy-too-long',
      { ...model.place, path: [...model.place.path, 'enforcement'] },
      { namespace: model.namespace, services: services.length, ofPools: name !== 'services', size, limit: limits.expression },
    ),
  ];
}
