/** Where a step runs. A Task is carried out the same way whatever stands in for its containers. */
import type { ProcessEnd } from './process.js';
import type { Mount, Step } from './task.js';
import type { WorkFolder } from './work-folder.js';

export interface StepHost {
  run(invocation: Invocation): Promise<ProcessEnd>;
}

/** One step with all variables replaced, as its container would be given it. */
export interface Invocation {
  readonly step: Step;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: ReadonlyMap<string, string>;
  readonly mounts: readonly MountedFolder[];
  readonly work: WorkFolder;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export interface MountedFolder extends Mount {
  /** The folder of this machine that stands for it. */
  readonly host: string;
}
