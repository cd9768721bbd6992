/** How a program that is no step of a job is started and ends. */
import { show } from '../../src/base/quote.js';
import { clusterEnv, type ClusterProgram } from '../../src/contract/cluster-programs.js';
import type { Decoded } from '../../src/contract/decode.js';
import { exitCodes, type ExitCode } from '../../src/contract/exit-codes.js';
import { failure, toStepFailure } from '../base/failure.js';
import type { StepIo } from '../base/io.js';
import { createLog, type Log } from '../base/log.js';
import type { Step } from '../base/step.js';
import { apiTimes, openApi, variable, type ApiTimes, type ClusterApi } from './api.js';

/** What a program of a pod of its own gets: its configuration, checked, and the API server. */
export interface ProgramContext<C> {
  readonly config: C;
  readonly api: ClusterApi;
  readonly log: Log;
  readonly io: StepIo;
}

interface Program<C> {
  readonly name: ClusterProgram;
  readonly parse: (json: string) => Decoded<C>;
  readonly body: (context: ProgramContext<C>) => Promise<void>;
}

/** Ends with the exit code of what went wrong, after one line of the log that says it. */
export const clusterProgram =
  <C>({ name, parse, body }: Program<C>) =>
  (times: ApiTimes = apiTimes): Step =>
  async (io) => {
    const log = createLog(name, io, 'program');
    let api: ClusterApi | undefined;
    try {
      const { value: config, problem } = parse(variable(io, clusterEnv.config));
      if (problem !== undefined)
        throw failure('runtime/bad-environment', { variable: clusterEnv.config, problem: `is not what this runtime reads: ${problem}` });
      api = await openApi(io, times);
      await body({ config, api, log, io });
      return exitCodes.ok;
    } catch (error) {
      const { sentence, reason, code, cause } = toStepFailure(error, name);
      const place = reason === 'runtime/internal-error' && cause instanceof Error ? show(cause.stack ?? cause.message) : undefined;
      log.error(sentence, { reason, code, cause: place });
      return code;
    } finally {
      api?.close();
    }
  };

/** Tells that a program was stopped, and returns its exit code. */
export function tellProgramStopped(name: ClusterProgram, signal: NodeJS.Signals, io: StepIo): ExitCode {
  createLog(name, io, 'program').error(`stopped by ${signal} before it had ended`, { code: exitCodes.io });
  return exitCodes.io;
}
