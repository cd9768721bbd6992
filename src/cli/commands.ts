import type { Command } from './command.js';

interface CommandEntry {
  readonly summary: string;
  /** Commands are modules of their own, so that `--help` and a small command do not pay for the large ones. */
  readonly load: () => Promise<Command>;
}

/** All commands in the order of the help text. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  init: { summary: 'create a repository of definitions that compiles as it is', load: async () => (await import('./init.js')).initCommand },
  check: { summary: 'show all problems of the definitions, write nothing', load: async () => (await import('./check.js')).checkCommand },
  synth: { summary: 'check, then write the manifests to dist/', load: async () => (await import('./synth.js')).synthCommand },
  run: { summary: 'run the job of a service on this machine', load: async () => (await import('./run.js')).runCommand },
  schema: { summary: 'print the JSON Schema of a kind', load: async () => (await import('./schema.js')).schemaCommand },
  explain: { summary: 'explain the code of a diagnostic', load: async () => (await import('./explain.js')).explainCommand },
};

export const mainHelp = (): string => `millrace compiles inference service definitions (services/) into Tekton manifests (dist/).

usage: millrace COMMAND [ARGUMENT…] [OPTION…]

commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)}  ${summary}`)
  .join('\n')}
  help      tell more about a command: millrace help COMMAND

options of every command:
  --root DIR  the repository; default: the nearest folder upwards with services/platform.yaml
  --no-color  no colours (also: environment variable NO_COLOR)
  --help      the help text of the command
  --version   the version of millrace

exit codes: 0 clean, 1 problems in the input, 2 wrong usage, 3 a bug in millrace
Products go to standard output, diagnostics to standard error.

example:
  millrace init my-services
  cd my-services
  millrace synth
`;
