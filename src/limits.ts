import type { Analysis } from './analyze.js';
import { sortDiagnostics } from './diagnostics/sort.js';
import { checkPolicyLimits } from './manifests/limits/policy-limits.js';
import { checkServiceLimits } from './manifests/limits/service-limits.js';
import { locateAll } from './source/locate.js';

/**
 * What was understood, judged once more: whether a cluster takes what it is compiled to. Only what is large is rendered for it.
 * Not a part of `analyze`, because that renders nothing: `check` loads this where {@link mayPassLimits} says so.
 */
export function withLimits(analysis: Analysis): Analysis {
  const { diagnostics, sources, namespaces, services } = analysis;
  const problems = [...services.flatMap(checkServiceLimits), ...namespaces.flatMap((model) => checkPolicyLimits(model, services))];
  return problems.length === 0 ? analysis : { ...analysis, diagnostics: sortDiagnostics([...diagnostics, ...locateAll(problems, sources)]) };
}
