/** Where the programs of a test run: on this machine, or where the pods of a cluster can reach them. */
export interface Site {
  /** Where programs at this site listen, and where clients reach them. */
  readonly address: string;
  /** The command line that runs a program at this site. */
  at(argv: readonly string[]): readonly string[];
}

export const thisMachine: Site = { address: '127.0.0.1', at: (argv) => argv };
