// The binary. It wires the process to the commands and knows nothing else, so that `millrace --help` costs little more than Node itself.
import { bugText, cli } from './cli.js';
import { type CliIo, UsageError } from './command.js';
import { loadBundle } from './load-bundle.js';
import { writeStatus, writeTo } from './standard-output.js';

process.on('uncaughtException', (error) => {
  writeTo(2, bugText(error));
  process.exit(3);
});

const io: CliIo = {
  stdout: (text) => writeTo(1, text),
  stderr: (text) => writeTo(2, text),
  get status() {
    const { isTTY, columns } = process.stderr;
    return isTTY && process.env['TERM'] !== 'dumb' ? (text: string) => writeStatus(text, columns) : undefined;
  },
  get cwd() {
    try {
      return process.cwd();
    } catch (error) {
      throw new UsageError(`this folder cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
  env: process.env,
  // Asked for only when there is something to colour: the question alone sets up a stream.
  get color() {
    return !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb' && process.stderr.isTTY === true;
  },
};

const code = await cli(process.argv.slice(2), io, (name) => loadBundle(name).loadCommand(name));
// Not process.exit(): what was written to a pipe may still be on its way. A failed write has set its own code already.
process.exitCode ??= code;
