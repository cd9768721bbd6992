import { forms } from '../forms.js';
import { formed, integer, list, object, oneOf, use, type Schema } from '../json-schema.js';

/** What stands around the jobs of a team, whatever its services say. */
export const wallDefinitions = {
  Quota: {
    ...object('What all pods of the namespace may request together; a job beyond it waits. What is left out is not limited.', [], {
      cpu: use('Quantity', 'CPU that all pods request.', { examples: ['64'] }),
      memory: use('Quantity', 'Memory that all pods request.', { examples: ['256Gi'] }),
      gpu: integer('GPUs that all pods request, of each kind that the node pools of the team have.', 0, 100_000, { examples: [4] }),
      pods: integer('Pods that are not finished: one of each job, one of the listener.', 1, 100_000, { examples: [40] }),
    }),
    minProperties: 1,
  },
} satisfies Record<string, Schema>;

/** Fields of a team that `PlatformTeam` takes in. */
export const teamWalls = {
  quota: use('Quota', 'What all pods of the namespace may request together; a job beyond it waits. Default: no ResourceQuota.'),
  viewers: list(
    'Groups, as the cluster knows them, that may read runs, pods, events and logs of the namespace. Default: none.',
    formed('Name of a group.', forms.groupName, 253),
    { max: 64 },
    { examples: [['risk-ml']] },
  ),
  enforcement: oneOf(
    'What the API server does with a run in the namespace that is not of a service, or beyond what its service allows. audit: warns and notes it in the audit log; enforce: refuses it. Needs Kubernetes 1.30. Default: no admission policy.',
    ['audit', 'enforce'],
  ),
} satisfies Record<string, Schema>;
