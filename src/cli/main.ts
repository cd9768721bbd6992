// The binary. It wires the process to the commands and knows nothing else, so that `millrace --help` costs little more than Node itself.
import { bugText, cli } from './cli.js';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`millrace schema Platform | head -1`): nobody is left to tell, and the exit code stays the command's.
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream === process.stdout) process.stderr.write(`millrace: cannot write to standard output: ${error.message}\n`);
  });
}

process.on('uncaughtException', (error) => {
  process.stderr.write(bugText(error));
  process.exit(3);
});

const code = await cli(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  color: process.stderr.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
});
// Not process.exit(): what was written to a pipe may still be on its way. A failed write has set its own code already.
process.exitCode ??= code;
