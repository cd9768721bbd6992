import type { TargetModel } from '../../model/model.js';

/** One user for all steps, so that they can share files; above 10,000, as the Pod Security scanners ask. */
const nonRoot = 65532;

/** OpenShift gives every namespace its own range of users and refuses a fixed one. */
export const userAndGroup = (target: TargetModel): { readonly runAsUser?: number; readonly runAsGroup?: number } =>
  target.distribution === 'openshift' ? {} : { runAsUser: nonRoot, runAsGroup: nonRoot };

/** Pod Security `restricted`, and a root file system that nothing can write to. */
export const restrictedContainer = (target: TargetModel): Record<string, unknown> => ({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  ...userAndGroup(target),
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
});
