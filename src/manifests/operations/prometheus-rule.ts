import type { NamespaceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { janitorName, shared } from '../names.js';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly summary: string;
}

/**
 * Alerts from what Tekton's controller and kube-state-metrics count anyway. Tekton's own `namespace` is `exported_namespace` where the
 * scrape adds that of the controller, so both are asked for.
 *
 * @see https://tekton.dev/docs/pipelines/metrics/ and https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload
 */
export function renderPrometheusRule(model: NamespaceModel): readonly Manifest[] {
  const { namespace, alerts } = model;
  if (!alerts) return [];
  return [
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: shared, namespace, ...(Object.keys(alerts.labels).length > 0 ? { labels: alerts.labels } : {}) },
      spec: {
        groups: [
          {
            name: shared,
            rules: rulesOf(model).map(({ alert, expr, for: after, summary }) => ({
              alert,
              expr,
              ...(after === undefined ? {} : { for: after }),
              labels: { severity: 'warning' },
              annotations: { summary },
            })),
          },
        ],
      },
    },
  ];
}

const finished = 'tekton_pipelines_controller_taskrun_duration_seconds_count';

function rulesOf({ namespace, cleanup }: NamespaceModel): readonly Alert[] {
  const here = `namespace="${namespace}"`;
  const failed = (label: string): string => `sum by (task) (increase(${finished}{${label}="${namespace}",status="failed"}[15m]))`;
  return [
    {
      alert: 'MillraceRunFailed',
      expr: `(${failed('namespace')} or ${failed('exported_namespace')}) > 0`,
      summary: `Runs of {{ $labels.task }} in ${namespace} failed in the last 15 minutes.`,
    },
    {
      // A step's container ended by a signal, in a pod that goes on: the janitor ends its run within 15 minutes.
      alert: 'MillraceRunHangs',
      expr: `kube_pod_container_status_terminated_reason{${here},container=~"step-.+",reason=~"OOMKilled|Error|ContainerStatusUnknown"} == 1 and on (namespace, pod) kube_pod_status_phase{${here},phase="Running"} == 1`,
      for: '20m',
      summary: `Pod {{ $labels.pod }} in ${namespace} waits for {{ $labels.container }}, which was killed.`,
    },
    {
      alert: 'MillraceScheduleLate',
      expr: `time() - kube_cronjob_next_schedule_time{${here},cronjob=~".+--.+"} > 900 unless on (namespace, cronjob) kube_cronjob_spec_suspend{${here}} == 1`,
      summary: `The schedule {{ $labels.cronjob }} in ${namespace} has not started for 15 minutes after its time.`,
    },
    {
      // The last failed Jobs stay for days; one alert of a day is enough.
      alert: 'MillraceScheduleFailed',
      expr: `kube_job_failed{${here},job_name=~".+--.+",condition="true"} == 1 and on (namespace, job_name) time() - kube_job_created{${here}} < 86400`,
      summary: `The Job {{ $labels.job_name }} in ${namespace} could not make its run.`,
    },
    ...(cleanup.engine === 'none'
      ? []
      : [
          {
            alert: 'MillraceJanitorFailed',
            expr: `time() - kube_cronjob_status_last_successful_time{${here},cronjob="${janitorName}"} > 3600`,
            summary: `The janitor in ${namespace} has not succeeded for an hour: hung runs hold their nodes, finished ones stay.`,
          },
        ]),
  ];
}
