/** Runs a Pod to its end and says how each of its containers ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { stepNames, type StepName } from '../../../src/contract/paths.js';
import { containerName } from '../../../src/engine/run/variables.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import type { Cluster } from './cluster.js';

export interface PodEnd {
  readonly phase: string;
  /** Exit code of each step that was carried out, in order; of one with `onError` and `when`, Tekton's word for how it ended. */
  readonly steps: Readonly<Partial<Record<StepName, number | string>>>;
  /** What each step printed. */
  readonly logs: Readonly<Partial<Record<StepName, string>>>;
  /** The Pod as the API server has it at the end. */
  readonly object: string;
  /** What any container printed. */
  log(container: string): Promise<string>;
}

/** What the steps said, without rclone's progress: for the message of a test that fails. */
export const story = ({ logs }: PodEnd): string =>
  Object.entries(logs)
    .map(([step, log]) => `${step}:\n${log.replace(/^.*"stats":.*\n/gm, '')}`)
    .join('');

interface ContainerStatus {
  readonly name: string;
  readonly state: {
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
  };
}

interface Pod {
  readonly status: { readonly phase?: string; readonly initContainerStatuses?: readonly ContainerStatus[]; readonly conditions?: unknown };
}

/** What Kubernetes says of a container that will not start. */
const hopeless = /^(ErrImage|ImagePull|CreateContainerConfig|CreateContainerError|InvalidImageName|RunContainerError|CrashLoop)/;

export async function runPod({ kubectl }: Cluster, pod: Manifest, seconds = 180): Promise<PodEnd> {
  const { name, namespace = '' } = pod.metadata;
  await kubectl(['create', '-f', '-'], JSON.stringify(pod));
  const end = performance.now() + seconds * 1000;
  const log = (container: string): Promise<string> => kubectl(['logs', name, '-n', namespace, '-c', container]);
  for (;;) {
    const object = await kubectl(['get', 'pod', name, '-n', namespace, '-o', 'json']);
    const { status } = JSON.parse(object) as Pod;
    const containers = status.initContainerStatuses ?? [];
    if (status.phase === 'Succeeded' || status.phase === 'Failed') {
      const ended = await Promise.all(stepNames.map(async (step) => [step, await endOf(step)] as const));
      const found = ended.flatMap(([step, how]) => (how ? [[step, how] as const] : []));
      return {
        phase: status.phase,
        steps: Object.fromEntries(found.map(([step, { result }]) => [step, result])),
        logs: Object.fromEntries(found.map(([step, { log }]) => [step, log])),
        object,
        log,
      };
    }
    const stuck = containers.find(({ state }) => hopeless.test(state.waiting?.reason ?? ''));
    if (stuck || performance.now() > end) {
      const events = await kubectl(['get', 'events', '-n', namespace, '--field-selector', `involvedObject.name=${name}`]);
      throw new Error(`pod ${name} came to no end: ${JSON.stringify({ stuck, containers, conditions: status.conditions })}\n${events}`);
    }
    await sleep(500);

    async function endOf(step: StepName): Promise<{ readonly result: number | string; readonly log: string } | undefined> {
      const container = containerName(step);
      const terminated = containers.find((each) => each.name === container)?.state.terminated;
      if (!terminated) return undefined;
      return { result: terminated.message ?? terminated.exitCode, log: await log(container) };
    }
  }
}
