import type { Command } from './command.js';
import type { CommandName } from './commands.js';

export type LoadCommand = (name: CommandName) => Promise<Command>;

/** Each command is loaded when it is asked for: a small one does not pay for the large ones. */
export const loadCommand: LoadCommand = async (name) => {
  switch (name) {
    case 'init':
      return (await import('./init.js')).initCommand;
    case 'check':
      return (await import('./check.js')).checkCommand;
    case 'synth':
      return (await import('./synth.js')).synthCommand;
    case 'run':
      return (await import('./run.js')).runCommand;
    case 'simulate':
      return (await import('./simulate.js')).simulateCommand;
    case 'job':
      return (await import('./job.js')).jobCommand;
    case 'doctor':
      return (await import('./doctor.js')).doctorCommand;
    case 'validate':
      return (await import('./validate.js')).validateCommand;
    case 'access':
      return (await import('./access.js')).accessCommand;
    case 'import':
      return (await import('./import.js')).importCommand;
    case 'schema':
      return (await import('./schema.js')).schemaCommand;
    case 'explain':
      return (await import('./explain.js')).explainCommand;
  }
};
