import { parseQuantity } from '../base/quantity.js';
import { requestedAmounts } from '../contract/requested-amounts.js';
import type { OdahuResources } from './service.js';

type Amounts = OdahuResources['limits'];

const forms = { cpu: new RegExp(requestedAmounts.cpu), memory: new RegExp(requestedAmounts.memory) };
const nano = 1_000_000_000n;

/**
 * Amounts in the forms that a request may use: the listener compares them itself, and knows fewer than Kubernetes. What
 * fits no unit exactly is rounded up; what is no quantity stays, for a check to name.
 */
export function requestable(amounts: Amounts): Amounts {
  return {
    ...amounts,
    ...(amounts.cpu === undefined ? {} : { cpu: inForm('cpu', amounts.cpu) }),
    ...(amounts.memory === undefined ? {} : { memory: inForm('memory', amounts.memory) }),
  };
}

function inForm(name: 'cpu' | 'memory', amount: string): string {
  const quantity = forms[name].test(amount) ? undefined : parseQuantity(amount);
  if (!quantity) return amount;
  const [unit, suffix] = name === 'cpu' ? [nano / 1000n, 'm'] : [nano * 1024n, 'Ki'];
  return `${String((quantity.nano + unit - 1n) / unit)}${suffix}`;
}
