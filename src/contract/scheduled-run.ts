/** What a schedule starts: the compiler writes it into the CronJob, start-run makes the TaskRun of it. */
import { dateIn, fillDates } from '../base/date-placeholder.js';
import { decodeJson, fields, integer, list, map, oneOf, text, type Decoded, type Decoder } from './decode.js';
import { scheduledPrefix } from './request-id.js';
import { dnsLabel, notEmpty } from './step-config-fields.js';

/** A TaskRun without its name. */
export interface TaskRunTemplate {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Whatever a TaskRun has, and the params, which hold `{date}` and the like where the schedule's request has them. */
  readonly spec: Readonly<Record<string, unknown>> & { readonly params: readonly Param[] };
}

interface Param {
  readonly name: string;
  readonly value: string;
}

export interface ScheduledRun {
  readonly version: 1;
  /** The CronJob's name: `<service>--<schedule>`. */
  readonly cronJob: string;
  readonly service: string;
  readonly schedule: string;
  /** IANA name; dates are those of this zone. */
  readonly timeZone: string;
  /** Seconds after the scheduled time at which the run is made, so that services which share a minute do not start in one moment. */
  readonly delaySeconds: number;
  readonly taskRun: TaskRunTemplate;
}

/** Schedules start at full minutes: services that share one are spread over it. */
export const longestDelaySeconds = 59;

const anything: Decoder<unknown> = (value) => value;
const texts = map(text(), text());
const params: Decoder<readonly Param[]> = list(fields({ name: notEmpty, value: text() }));
const spec: Decoder<TaskRunTemplate['spec']> = (value, at) => {
  const found = map(text(), anything)(value, at);
  return { ...found, params: params(found['params'], `${at}.params`) };
};

const scheduledRun: Decoder<ScheduledRun> = fields({
  version: oneOf(1),
  cronJob: notEmpty,
  service: dnsLabel,
  schedule: dnsLabel,
  timeZone: notEmpty,
  delaySeconds: integer(0, longestDelaySeconds),
  taskRun: fields({
    apiVersion: oneOf('tekton.dev/v1'),
    kind: oneOf('TaskRun'),
    metadata: fields({ namespace: dnsLabel, labels: texts, annotations: texts }),
    spec,
  }),
});

/** Reads what the compiler wrote into the CronJob. Closed but for the spec of the TaskRun, which the API server judges. */
export const parseScheduledRun = (json: string): Decoded<ScheduledRun> => decodeJson(scheduledRun, json);

/** For which time a Job of a CronJob was made. */
export interface Due {
  readonly time: Date;
  /** Twelve characters: `yyyymmddhhmm` in UTC, or `m` and eleven hexadecimal digits for a Job that a person made. */
  readonly suffix: string;
  /** Made by the CronJob controller, or by hand for the time that its name says. */
  readonly scheduled: boolean;
}

/**
 * The CronJob controller calls a Job `<cron job>-<minutes since 1970>`, so that one scheduled time has one Job. The time
 * also stands in the Job's annotation `batch.kubernetes.io/cronjob-scheduled-timestamp`, but no pod can see that. Any other
 * name is that of a Job made by hand: its time is `now`, and its UID makes its run one of its own.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/cronjob/utils.go (getJobName)
 */
export function dueOf(job: { readonly name: string; readonly uid: string }, cronJob: string, now: Date): Due {
  // Eight digits: from 1989 to 2160.
  const minutes = job.name.startsWith(`${cronJob}-`) ? /^[1-9][0-9]{7}$/.exec(job.name.slice(cronJob.length + 1)) : null;
  if (!minutes)
    return {
      time: now,
      suffix: `m${job.uid
        .toLowerCase()
        .replace(/[^0-9a-f]/g, '')
        .slice(0, 11)
        .padEnd(11, '0')}`,
      scheduled: false,
    };
  const time = new Date(Number(minutes[0]) * 60_000);
  return { time, suffix: time.toISOString().replace(/[-T:]/g, '').slice(0, 12), scheduled: true };
}

/** `sched-<schedule>-<suffix>`: at most 36 characters, since a schedule's name has at most 17. */
export const scheduledRequestId = (schedule: string, { suffix }: Due): string => `${scheduledPrefix}${schedule}-${suffix}`;

export interface NamedTaskRun extends TaskRunTemplate {
  readonly metadata: TaskRunTemplate['metadata'] & { readonly name: string };
}

/** The TaskRun of one scheduled time. The same time gives the same name, so a second one is refused as already there. */
export function fillScheduledRun({ service, schedule, timeZone, taskRun }: ScheduledRun, due: Due): NamedTaskRun {
  const requestId = scheduledRequestId(schedule, due);
  const date = dateIn(timeZone, due.time);
  const filled: Readonly<Record<string, (value: string) => string>> = {
    requestId: () => requestId,
    dataPath: (value) => fillDates(value, date),
    outputPath: (value) => fillDates(value, date),
  };
  return {
    ...taskRun,
    metadata: { ...taskRun.metadata, name: `${service}--${requestId}` },
    spec: { ...taskRun.spec, params: taskRun.spec.params.map(({ name, value }) => ({ name, value: filled[name]?.(value) ?? value })) },
  };
}
