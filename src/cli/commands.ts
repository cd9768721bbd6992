/** All commands in the order of the help text, each with its summary. */
export const summaries = {
  init: 'create a repository of definitions that compiles as it is',
  check: 'show all problems of the definitions, write nothing',
  synth: 'check, then write the manifests to dist/',
  run: 'run the job of a service on this machine',
  simulate: 'say what the listener would do with a request',
  job: 'start, list, show, follow and delete jobs on a cluster',
  doctor: 'check a cluster for what the manifests need',
  validate: 'check files against the Open Inference Protocol',
  access: 'show who may read and write what, and what grants it',
  import: 'make definitions of what another system has: odahu',
  schema: 'print the JSON Schema of a kind',
  explain: 'explain the code of a diagnostic',
} as const;

export type CommandName = keyof typeof summaries;

/** Whether it is one of the commands that `--help` lists. */
export const isCommandName = (name: string | undefined): name is CommandName => name !== undefined && Object.hasOwn(summaries, name);

/** What `millrace --help` prints. */
export const mainHelp = (): string => `millrace compiles inference service definitions (services/) into Tekton manifests (dist/).

usage: millrace COMMAND [ARGUMENT…] [OPTION…]

commands:
${Object.entries(summaries)
  .map(([name, summary]) => `  ${name.padEnd(8)}  ${summary}`)
  .join('\n')}
  help      tell more about a command: millrace help COMMAND

options of every command:
  --root DIR  the repository (not for init); default: the nearest folder upwards with services/platform.yaml
  --no-color  no colours (also: environment variable NO_COLOR)
  --help      the help text of the command
  --version   the version of millrace

exit codes: 0 clean, 1 problems in the input, 2 wrong usage, 3 a bug in millrace
Products go to standard output, diagnostics to standard error.

example:
  npx millrace init my-services
  cd my-services
  npx millrace synth
`;
