import { taskParamName } from '../contract/params.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Result } from '../diagnostics/diagnostic.js';
import { defaultRun, missingFields } from '../engine/run/job.js';
import { scheduledTaskRun } from '../engine/run/scheduled.js';
import { callersOf, sendRequest } from '../engine/triggers/listener.js';
import { taskRunParams } from '../engine/triggers/template.js';
import { tokenHeader } from '../manifests/triggers/event-listener.js';
import { webhookPathOf } from '../manifests/triggers/webhook-path.js';
import type { Manifest } from '../manifests/manifest.js';
import type { ServiceModel } from '../model/model.js';
import type { CliIo } from './command.js';
import { readRequest, requestName } from './read-request.js';
import type { RunSettings } from './run-settings.js';

export interface StartingRun {
  /** Its `stepSpecs` are limits of this run. */
  readonly taskRun: Manifest;
  /** With those of the command line, which stand in the place of the run's own. */
  readonly params: ReadonlyMap<string, string>;
}

/** The run that starts: what the service has by itself, what the listener would make of a request, or what a schedule would start. */
export function startingRun(objects: readonly Manifest[], service: ServiceModel, settings: RunSettings, io: CliIo): Result<StartingRun> {
  const { namespace } = service.namespace;
  const name = `${settings.team}/${settings.service}`;
  if (settings.schedule !== undefined) {
    const { name: schedule, time } = settings.schedule;
    const taskRun = scheduledTaskRun(objects, { namespace, service: service.name, schedule, time });
    if (taskRun) return [{ taskRun, params: taskRunParams(taskRun) }, []];
    const known = service.schedules.map((each) => each.name);
    return [undefined, [diagnose('run/unknown-schedule', undefined, { service: name, schedule, known })]];
  }
  if (settings.request === undefined) {
    const known = service.params.map((param) => param.name);
    const unknown = [...settings.params.keys()].filter((param) => !known.includes(param));
    if (unknown.length > 0) return [undefined, unknown.map((param) => diagnose('run/unknown-param', undefined, { service: name, param, known }))];
    const given = [...settings.params].map(([param, value]) => [taskParamName(param), value] as const);
    const taskRun = defaultRun(objects, namespace, service.name);
    const params = new Map([...taskRunParams(taskRun), ...given]);
    const fields = missingFields(params);
    return fields.length === 0 ? [{ taskRun, params }, []] : [undefined, [diagnose('run/request-needed', undefined, { service: name, fields })]];
  }
  const callers = callersOf(objects, namespace, service.name) ?? [];
  const caller = settings.caller ?? callers[0];
  if (caller === undefined) return [undefined, [diagnose('run/no-webhook', undefined, { service: name })]];
  if (!callers.includes(caller)) return [undefined, [diagnose('run/unknown-caller', undefined, { service: name, caller, known: callers })]];
  const body = readRequest(settings.request, io.cwd);
  if (typeof body === 'string')
    return [undefined, [diagnose('run/request-unreadable', undefined, { file: requestName(settings.request), problem: body })]];
  // Whether the caller is who it says is not checked here, but a token that is missing would be refused.
  const request = { path: webhookPathOf(service), headers: { [tokenHeader]: 'not checked' }, body };
  const outcome = sendRequest(objects, { namespace, trigger: service.name, caller }, request);
  if (outcome.kind === 'accepted') return [{ taskRun: outcome.taskRun, params: taskRunParams(outcome.taskRun) }, []];
  const { by, sentence, rule } = outcome.refusal;
  return [
    undefined,
    [
      by === 'body'
        ? diagnose('run/request-unreadable', undefined, { file: requestName(settings.request), problem: sentence })
        : diagnose('run/request-refused', undefined, { service: name, sentence, rule }),
    ],
  ];
}
