import type { ServiceModel } from '../model/model.js';
import { renderTask } from './job/task.js';
import type { Manifest } from './manifest.js';
import { renderDedicatedRoute } from './routes/route.js';
import { renderCronJob } from './schedules/cron-job.js';
import { renderArrivalTriggers } from './triggers/arrival-trigger.js';
import { renderDedicatedListener } from './triggers/event-listener.js';
import { renderTrigger } from './triggers/trigger.js';
import { renderTriggerTemplate } from './triggers/trigger-template.js';

/**
 * The objects of one service: Task, TriggerTemplate, a Trigger with a webhook and one for each arrival of data, its own listener
 * and the route to it, and a CronJob for each schedule.
 *
 * @param runtimeName the ConfigMap that holds the runtime, by `runtimeConfigMap` of names.ts; hashed once, not per service
 */
export function renderService(service: ServiceModel, runtimeName: string): readonly Manifest[] {
  const trigger = renderTrigger(service);
  return [
    renderTask(service, runtimeName),
    renderTriggerTemplate(service),
    ...(trigger ? [trigger] : []),
    ...(service.webhook?.listener === 'dedicated' ? [renderDedicatedListener(service, service.webhook), ...renderDedicatedRoute(service)] : []),
    ...renderArrivalTriggers(service),
    ...service.schedules.map((schedule) => renderCronJob(service, schedule, runtimeName)),
  ];
}
