/** What the tests of pods need is named where it is missing: they fail, they are not skipped. */
import { afterEach, expect, it, vi } from 'vitest';
import { startCluster } from './support/cluster.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it.each([
  { what: 'a cluster', env: { MILLRACE_TESTBED: '', KUBECONFIG: '' }, message: /set KUBECONFIG to a throw-away cluster and MILLRACE_TEST_ADDRESS/ },
  {
    what: 'an address',
    env: { MILLRACE_TESTBED: '', KUBECONFIG: '/a', MILLRACE_TEST_ADDRESS: '' },
    message: /set MILLRACE_TEST_ADDRESS to the address/,
  },
  { what: 'root', env: { MILLRACE_TESTBED: '/a', KUBECONFIG: '' }, message: /needs root; without root, unset MILLRACE_TESTBED and set KUBECONFIG/ },
])('asks for $what', async ({ env, message }) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  await expect(startCluster()).rejects.toThrow(message);
});
