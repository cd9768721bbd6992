import type { Diagnostic } from '../diagnostics/diagnostic.js';

/**
 * What ends a conversation with a cluster. Every call may end it, so it is thrown; `cli/with-cluster.ts` catches it and
 * nothing else does but to add what it knows better.
 */
export class ClusterProblem extends Error {
  override readonly name = 'ClusterProblem';
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}
