import type { LoadCommand } from './load-command.js';

/** The same for `check` alone, which has a bundle of its own: of all commands it is the one that people wait for. */
export const loadCommand: LoadCommand = async () => (await import('./check.js')).checkCommand;
