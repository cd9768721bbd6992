import type { StepName } from '../../src/contract/paths.js';
import { jsonLine } from '../../src/base/quote.js';
import type { StepIo } from './io.js';

/** More about a line; never content of an input, an output or a Secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** One JSON line for each message, on stdout. */
export function createLog(step: StepName, io: StepIo): Log {
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    io.stdout(`${jsonLine({ time: io.now().toISOString(), level, step, message, ...fields })}\n`);
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
