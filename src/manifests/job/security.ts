import { constant } from '../../base/constant.js';
import type { TargetModel } from '../../model/model.js';

/** One user for all steps, so that they can share files; above 10,000, as the Pod Security scanners ask. */
const nonRoot = 65532;

/** Pod Security `restricted`. */
const restricted = constant({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });

const container = (user: Readonly<Record<string, number>>): Readonly<Record<string, unknown>> =>
  constant({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, ...user, ...restricted });

type ByDistribution = Readonly<Record<TargetModel['distribution'], Readonly<Record<string, unknown>>>>;

/** Of each step: restricted, and with a root file system that nothing can write to. OpenShift gives every namespace its own range of users and refuses a fixed one. */
export const containerSecurity: ByDistribution = {
  kubernetes: container({ runAsUser: nonRoot, runAsGroup: nonRoot }),
  openshift: container({}),
};

/** Of a run's pod. */
export const podSecurity: ByDistribution = {
  kubernetes: constant({ runAsUser: nonRoot, runAsGroup: nonRoot, fsGroup: nonRoot, ...restricted }),
  openshift: restricted,
};
