import { createHash } from 'node:crypto';
import { clusterEnv, encodeConfig } from '../../contract/cluster-programs.js';
import type { JanitorConfig } from '../../contract/janitor.js';
import type { NamespaceModel } from '../../model/model.js';
import { accountWithRights } from '../account.js';
import { clusterJob } from '../cluster-pod.js';
import type { Manifest } from '../manifest.js';
import { janitorName } from '../names.js';

/** Minutes between two starts: a run that hangs holds its node for as long, and five minutes before. */
const every = 10;

/** The janitor of a namespace with its account; nothing where the Platform wants none. */
export function renderJanitor(model: NamespaceModel, runtimeName: string): readonly Manifest[] {
  return model.cleanup.engine === 'none' ? [] : [...accountWithRights(model, janitorName, rules), cronJob(model, runtimeName)];
}

/**
 * No names can be given to what has none yet, so it may delete any TaskRun and ConfigMap of its namespace; of ConfigMaps it
 * asks for the metadata alone. It reads no Secrets and creates nothing.
 */
const rules = [
  { apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['list', 'patch', 'delete'] },
  { apiGroups: ['tekton.dev'], resources: ['tasks'], verbs: ['list'] },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'delete'] },
];

function cronJob(model: NamespaceModel, runtimeName: string): Manifest {
  const { namespace } = model;
  const pod = {
    namespace: model,
    runtimeName,
    program: 'janitor',
    component: 'janitor',
    serviceAccount: janitorName,
    env: [{ name: clusterEnv.config, value: encodeConfig(janitorConfig(model)) }],
  } as const;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: janitorName, namespace },
    spec: {
      // Not all namespaces in one minute.
      schedule: `${String(createHash('sha256').update(namespace).digest().readUInt32BE(0) % every)}-59/${String(every)} * * * *`,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      // The next start is the next attempt.
      jobTemplate: { spec: clusterJob(pod, { deadlineSeconds: 540, attempts: 1 }) },
    },
  };
}

const janitorConfig = ({ namespace, cleanup: { engine, ttlSeconds, keepLast } }: NamespaceModel): JanitorConfig => ({
  version: 1,
  namespace,
  ...(engine === 'janitor' ? { finished: { ttlSeconds, keepLast } } : {}),
  hungSeconds: 300,
  quietSeconds: 3600,
});
