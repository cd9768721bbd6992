import { type CliIo, type Command, UsageError } from './command.js';
import { deleteJob } from './job-delete.js';
import { getJob } from './job-get.js';
import { jobHelp, jobUsage } from './job-help.js';
import { listJobs } from './job-list.js';
import { showLogs } from './job-logs.js';
import { submitJobs } from './job-submit.js';
import { suggest } from './suggest.js';

type Subcommand = (args: readonly string[], io: CliIo) => Promise<number>;

const subcommands: Readonly<Record<string, Subcommand>> = { submit: submitJobs, list: listJobs, get: getJob, logs: showLogs, delete: deleteJob };

export const jobCommand: Command = {
  name: 'job',
  summary: 'start, list, show, follow and delete jobs on a cluster',
  usage: jobUsage,
  help: jobHelp,
  run,
};

async function run(args: readonly string[], io: CliIo): Promise<number> {
  // Options may stand before it, as they may before the command.
  let at = 0;
  while (args[at]?.startsWith('-')) at += args[at] === '--root' || args[at] === '--format' ? 2 : 1;
  const name = args[at] ?? '';
  const rest = [...args.slice(0, at), ...args.slice(at + 1)];
  const names = Object.keys(subcommands);
  if (name === '') throw new UsageError('a subcommand is missing', `subcommands: ${names.join(', ')}`);
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!subcommand) throw new UsageError(`unknown subcommand "${name}"`, suggest(name, names, 'subcommands'));
  return subcommand(rest, io);
}
