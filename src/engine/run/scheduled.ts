/** The run that a schedule starts, from its emitted CronJob. */
import { assertInvariant } from '../../base/assert.js';
import { clusterEnv } from '../../contract/cluster-programs.js';
import { dueOf, fillScheduledRun, parseScheduledRun } from '../../contract/scheduled-run.js';
import { cronJobName } from '../../manifests/names.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asFields, asList, asManifest, asText, findObject, type Fields } from '../objects.js';

/** Which schedule of which service, and for which time. */
export interface ScheduledTime {
  readonly namespace: string;
  readonly service: string;
  readonly schedule: string;
  /** Whole minutes count, as for the CronJob controller; from 1990 to 2159. */
  readonly time: Date;
}

/** The TaskRun that start-run would make; undefined: there is no such schedule. */
export function scheduledTaskRun(objects: readonly Manifest[], { namespace, service, schedule, time }: ScheduledTime): Manifest | undefined {
  const name = cronJobName(service, schedule);
  const cronJob = findObject(objects, 'CronJob', namespace, name);
  if (!cronJob) return undefined;
  const { value, problem } = parseScheduledRun(configOf(cronJob, `CronJob ${name}`));
  assertInvariant(value, `CronJob ${name}: ${problem ?? ''}`);
  const due = dueOf({ name: `${name}-${String(Math.floor(time.getTime() / 60_000))}`, uid: '' }, value.cronJob, time);
  return asManifest(fillScheduledRun(value, due), `run of CronJob ${name}`);
}

function configOf({ spec }: Manifest, where: string): string {
  const pod = ['jobTemplate', 'spec', 'template', 'spec'].reduce<Fields>(
    (fields, key) => asFields(fields[key], `${where}.${key}`),
    asFields(spec, where),
  );
  const env = asList(pod['containers'], where).flatMap((container) => asList(asFields(container, where)['env'], where));
  const config = env.map((variable) => asFields(variable, where)).find((variable) => variable['name'] === clusterEnv.config);
  return asText(config?.['value'], `${where}: ${clusterEnv.config}`);
}
