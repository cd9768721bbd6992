import { createHash } from 'node:crypto';
import { assertInvariant } from '../../base/assert.js';
import { clusterEnv, encodeConfig } from '../../contract/cluster-programs.js';
import { taskParamName } from '../../contract/params.js';
import { notGiven, scheduleCaller } from '../../contract/paths.js';
import { longestDelaySeconds, parseScheduledRun, type ScheduledRun } from '../../contract/scheduled-run.js';
import type { ScheduleModel, ServiceModel } from '../../model/model.js';
import { clusterJob, labelEnv } from '../cluster-pod.js';
import type { Manifest } from '../manifest.js';
import { cronJobName, labels, scheduleServiceAccount } from '../names.js';
import { renderTaskRun } from '../triggers/task-run.js';
import { scheduledService } from './scheduled-service.js';

/**
 * The CronJob of a schedule: a pod that makes the TaskRun itself, since a listener says nothing of a run that it could not
 * make. Runs of different times may overlap, so its Jobs may, too: each has one run to make, whatever becomes of the last one.
 */
export function renderCronJob(service: ServiceModel, schedule: ScheduleModel, runtimeName: string): Manifest {
  const { namespace } = service;
  const config = scheduledRun(service, schedule);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: config.cronJob,
      namespace: namespace.namespace,
      labels: { [labels.service]: service.name, [labels.team]: namespace.team },
    },
    spec: {
      schedule: schedule.cron,
      timeZone: schedule.timeZone,
      suspend: schedule.suspend,
      concurrencyPolicy: 'Allow',
      // What was missed for longer, because the cluster was down, is not made up for. Without a limit the controller gives up after 100.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: clusterJob(
          {
            namespace,
            runtimeName,
            program: 'start-run',
            component: 'schedule',
            serviceAccount: scheduleServiceAccount,
            env: [
              { name: clusterEnv.config, value: encodeConfig(config) },
              labelEnv(clusterEnv.jobName, 'batch.kubernetes.io/job-name'),
              labelEnv(clusterEnv.jobUid, 'batch.kubernetes.io/controller-uid'),
            ],
          },
          // A pod gives up after five minutes. For longer the Job waits only where a quota has no room for a pod.
          { deadlineSeconds: 6 * 3600, attempts: 4 },
        ),
      },
    },
  };
}

/** What start-run makes the TaskRun of. */
export function scheduledRun(own: ServiceModel, schedule: ScheduleModel): ScheduledRun {
  const { dataSource, outputDestination } = schedule;
  const { service, variable, values: defaults } = scheduledService(own, schedule);
  const { namespace } = service.namespace;
  const values = new Map([
    ...defaults,
    ['dataConnection', dataSource.connection.name],
    ['dataPath', dataSource.path],
    ['outputConnection', outputDestination.connection.name],
    ['outputPath', outputDestination.path],
    ...Object.entries(schedule.params).map(([name, value]) => [taskParamName(name), value] as const),
    ['requestId', notGiven],
    ['caller', scheduleCaller(schedule.name)],
  ]);
  const { apiVersion, kind, metadata, spec } = renderTaskRun(service, (param) => values.get(param) ?? notGiven, variable);
  const { value, problem } = parseScheduledRun(
    JSON.stringify({
      version: 1,
      cronJob: cronJobName(service.name, schedule.name),
      service: service.name,
      schedule: schedule.name,
      timeZone: schedule.timeZone,
      delaySeconds: delayOf(service),
      // Its name is that of its scheduled time.
      taskRun: { apiVersion, kind, metadata: { namespace, labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }, spec },
    }),
  );
  assertInvariant(value, `the run of a schedule is not what start-run reads: ${problem ?? ''}`);
  return value;
}

/** By the service's own name, so that no other service changes it. */
function delayOf({ name, namespace }: ServiceModel): number {
  const hash = createHash('sha256').update(`${namespace.namespace}/${name}`).digest();
  return hash.readUInt32BE(0) % (longestDelaySeconds + 1);
}
