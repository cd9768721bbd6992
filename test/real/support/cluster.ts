/**
 * A Kubernetes that runs pods: the test bed's (MILLRACE_TESTBED, which needs root), started and stopped again, or the one
 * that KUBECONFIG names. Having neither is a failure, not a skip.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockOnMachine } from '../../support/machine-lock.js';
import { type Ended, execute, type ExecuteOptions, succeed } from './programs.js';
import type { Site } from './site.js';

export interface Cluster {
  /** Where the stores of a test run so that pods can reach them. */
  readonly site: Site;
  /** Images that its node has or can pull. */
  readonly images: { readonly node: string; readonly rclone: string };
  /** Runs kubectl; throws with its whole output if it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Sees to it that the kinds of Tekton are known; no controller of theirs need run. */
  installTekton(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const { MILLRACE_TESTBED: testbed = '', KUBECONFIG: kubeconfig = '' } = process.env;
  if (testbed !== '') return startTestbed(testbed);
  if (kubeconfig !== '') return clusterOfKubeconfig();
  throw new Error(
    'these tests run pods: set KUBECONFIG to a throw-away cluster and MILLRACE_TEST_ADDRESS to the address of this machine that its pods can reach (CONTRIBUTING.md)',
  );
}

function clusterOfKubeconfig(): Cluster {
  const { MILLRACE_TEST_ADDRESS: address = '', MILLRACE_TEST_NODE_IMAGE: node, MILLRACE_TEST_RCLONE_IMAGE: rclone } = process.env;
  if (address === '') {
    throw new Error(
      'the stores of these tests run on this machine: set MILLRACE_TEST_ADDRESS to the address at which the pods of the cluster reach it (CONTRIBUTING.md)',
    );
  }
  return {
    site: { address, at: (argv) => argv },
    images: { node: node ?? 'docker.io/library/node:22-slim', rclone: rclone ?? 'docker.io/rclone/rclone:1.75.2' },
    kubectl: (args, input) => succeed(['kubectl', ...args], options(input)),
    installTekton: async () => {
      await succeed(['kubectl', 'get', 'crd', 'taskruns.tekton.dev', 'triggers.triggers.tekton.dev']);
    },
    stop: () => Promise.resolve(),
  };
}

const options = (input: string | undefined): ExecuteOptions => (input === undefined ? {} : { input });

async function startTestbed(testbed: string): Promise<Cluster> {
  if (process.getuid?.() !== 0)
    throw new Error('the test bed of these tests runs containers, so it needs root; without root, unset MILLRACE_TESTBED and set KUBECONFIG');
  const release = await lockOnMachine('testbed');
  try {
    const cluster = await upTestbed(testbed);
    return { ...cluster, stop: () => cluster.stop().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

async function upTestbed(testbed: string): Promise<Cluster> {
  const program = join(testbed, 'cluster');
  const env = { ...process.env, TESTBED_HOME: process.env['TESTBED_HOME'] ?? join(tmpdir(), 'millrace-testbed') };
  const cluster = (...args: readonly string[]): Promise<Ended> => execute([program, ...args], { env });
  const at = (argv: readonly string[]): readonly string[] => ['env', `TESTBED_HOME=${env.TESTBED_HOME}`, program, 'exec', ...argv];

  const status = await cluster('status');
  const wasUp = / up\n/.test(status.stdout) && !status.stdout.includes('DOWN');
  if (!wasUp && (await isUpForOthers(at))) {
    throw new Error(`the test bed is up already with another TESTBED_HOME, and there is room for one: run ${program} down with that one first`);
  }
  const unpacked = await lockOnMachine('testbed-tools');
  await cluster('tools').finally(unpacked);
  const up = await cluster('up');
  if (up.code !== 0) throw new Error(`the test bed did not start:\n${up.stdout}${up.stderr}`);
  return {
    site: { address: nodeAddress, at },
    images: { node: 'testbed.local/node:20', rclone: 'testbed.local/rclone:1.75.2' },
    kubectl: (args, input) => succeed(at(['kubectl', ...args]), options(input)),
    installTekton: async () => {
      await succeed([program, 'crds'], { env });
    },
    // One that was there before the test stays: that is quicker while one works on the tests.
    stop: async () => {
      if (!wasUp) await cluster('down');
    },
  };
}

/** The test bed's node, as its pods and everything else in its network see it. */
const nodeAddress = '198.18.0.1';

/** kube-proxy answers this to anyone in its network. */
async function isUpForOthers(at: Site['at']): Promise<boolean> {
  const ask = `fetch('http://127.0.0.1:10256/livez').then(() => process.exit(0), () => process.exit(1))`;
  return (await execute(at([process.execPath, '-e', ask]))).code === 0;
}
