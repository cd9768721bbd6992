import type { ClusterProgram } from '../../src/contract/cluster-programs.js';
import type { StepName } from '../../src/contract/paths.js';
import { jsonLine } from '../../src/base/quote.js';
import type { StepIo } from './io.js';

/** More about a line; never content of an input, an output or a Secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Longer text of a field is cut: a line of a log is read by people, and by programs that take so much and no more. */
const longest = 8192;

const bounded = (value: LogFields[string]): LogFields[string] =>
  typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}… (${String(value.length - longest)} more characters)` : value;

/** One JSON line for each message, on stdout. `kind` is the field that names who speaks. */
export function createLog(name: StepName | ClusterProgram, io: StepIo, kind: 'step' | 'program' = 'step'): Log {
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    const shown = Object.fromEntries(Object.entries({ message, ...fields }).map(([name, value]) => [name, bounded(value)]));
    io.stdout(`${jsonLine({ time: io.now().toISOString(), level, [kind]: name, ...shown })}\n`);
  };
  return {
    info: (message, fields) => {
      write('info', message, fields);
    },
    error: (message, fields) => {
      write('error', message, fields);
    },
  };
}
