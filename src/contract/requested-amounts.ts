/**
 * The forms in which a request may ask for resources: few of Kubernetes' many, so that CEL can compute with them.
 * Anchored patterns, for RE2 and JavaScript alike; none of them takes an amount of nothing but that of GPUs.
 */
export const requestedAmounts = {
  /** Cores with at most three decimals, or thousandths. */
  cpu: '^([1-9][0-9]{0,5}m|0\\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9])|[1-9][0-9]{0,3}(\\.[0-9]{1,3})?)$',
  memory: '^[1-9][0-9]{0,8}(Ki|Mi|Gi|Ti)$',
  gpu: '^(0|[1-9][0-9]?)$',
} as const;
