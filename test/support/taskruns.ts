/** TaskRuns as Tekton Pipelines v1.15 leaves them (test/recordings/evidence.json). */
import { stepNames } from '../../src/contract/paths.js';

export interface RunOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly condition?: { readonly status: string; readonly reason: string; readonly message?: string };
  /** `exitCode terminationReason` by step; a step that is left out runs or waits. */
  readonly ended?: Readonly<Record<string, readonly [exitCode: number, reason: string]>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: string | undefined;
  readonly createdAt?: string;
  readonly requestId?: string;
}

export const allOk = Object.fromEntries(stepNames.map((name) => [name, [0, 'Completed'] as const]));

export function taskRun(options: RunOptions = {}): Record<string, unknown> {
  const {
    name = 'fraud-scorer--r1',
    namespace = 'risk',
    condition,
    ended,
    labels = {},
    createdAt = '2026-11-22T02:00:00Z',
    requestId = 'r1',
  } = options;
  const pod = 'pod' in options ? options.pod : `${name}-pod`;
  const steps = stepNames.map((step) => {
    const end = ended?.[step];
    const state = end
      ? {
          terminated: {
            exitCode: end[0],
            reason: end[0] === 0 ? 'Completed' : 'Error',
            startedAt: '2026-11-22T02:00:10Z',
            finishedAt: '2026-11-22T02:00:12Z',
          },
          terminationReason: end[1],
        }
      : { running: { startedAt: '2026-11-22T02:00:09Z' } };
    return { name: step, container: `step-${step}`, ...state };
  });
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      name,
      namespace,
      creationTimestamp: createdAt,
      labels: { 'millrace.dev/service': 'fraud-scorer', 'millrace.dev/team': 'risk', 'millrace.dev/caller': 'airflow', ...labels },
    },
    spec: {
      params: [
        { name: 'requestId', value: requestId },
        { name: 'dataConnection', value: 'raw' },
        { name: 'dataPath', value: 'fraud/in/' },
      ],
    },
    status: condition && {
      conditions: [{ type: 'Succeeded', ...condition }],
      startTime: '2026-11-22T02:00:05Z',
      ...(condition.status === 'Unknown' ? {} : { completionTime: '2026-11-22T02:01:05Z' }),
      ...(pod === undefined ? {} : { podName: pod }),
      ...(ended ? { steps } : {}),
    },
  };
}
