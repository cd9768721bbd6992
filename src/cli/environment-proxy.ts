import { type Proxy, proxyFor } from '../cluster/proxy.js';
import { UsageError } from './command.js';

/**
 * The proxy that the environment names for an address, by the rules of curl and kubectl; undefined: none.
 *
 * @throws UsageError where a variable names one that is not understood
 */
export function environmentProxy(address: string, env: Readonly<Record<string, string | undefined>>): Proxy | undefined {
  const proxy = proxyFor(new URL(address), env);
  if (proxy && 'problem' in proxy)
    throw new UsageError(`${proxy.variable} ${proxy.problem}`, 'for example http://proxy.example.com:3128; NO_PROXY names hosts that need none');
  return proxy;
}
