import type { Step } from '../task.js';

/** The only one whose devices engines know by themselves. */
const knownResource = 'nvidia.com/gpu';

export interface Gpus {
  readonly count: number;
  /** Devices that the Task asks for and no engine could give. */
  readonly others: readonly string[];
}

/** Resources with a domain in their name are devices that a plugin of the cluster gives. */
export function gpusOf({ container: { limits } }: Step): Gpus {
  const asked = [...limits].filter(([name, count]) => name.includes('/') && count !== '0');
  return {
    count: Number(asked.find(([name]) => name === knownResource)?.[1] ?? 0),
    others: asked.map(([name]) => name).filter((name) => name !== knownResource),
  };
}
