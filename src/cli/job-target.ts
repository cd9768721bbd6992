import { analyze } from '../analyze.js';
import { ClusterProblem } from '../cluster/problem.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { formatOption } from './report.js';
import { commonOptions } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { nodeFileSystem } from './node-file-system.js';
import { findRoot } from './root.js';
import { suggest } from './suggest.js';
import { clusterOptions } from './with-cluster.js';

/** Options of every subcommand of `job`. */
export const jobOptions = { ...commonOptions, ...clusterOptions, ...formatOption, namespace: { type: 'string' } } as const;

export interface JobValues {
  readonly root?: string;
  readonly namespace?: string;
  readonly format?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly 'no-color'?: boolean;
}

/**
 * Whether `--format` asks for JSON; the default is text.
 *
 * @throws UsageError for any other format
 */
export const isJson = ({ format = 'text' }: JobValues): boolean => {
  if (format !== 'text' && format !== 'json') throw new UsageError(`unknown format "${format}"`, suggest(format, ['text', 'json'], 'formats'));
  return format === 'json';
};

/** A namespace of the definitions, and whose it is. */
export interface Space {
  readonly team: string;
  readonly namespace: string;
}

/**
 * The namespace that `word` means: the one of that team, or of that name. Outside of a repository nothing maps teams to
 * namespaces, and the word is the namespace.
 */
export function namespaceFor(word: string, values: JobValues, io: CliIo): string {
  if (values.namespace !== undefined) return values.namespace;
  const spaces = spacesOf(values, io);
  if (!spaces) return word;
  const found = spaces.find(({ team }) => team === word) ?? spaces.find(({ namespace }) => namespace === word);
  if (found) return found.namespace;
  const known = spaces.map(({ team }) => team);
  throw new ClusterProblem(diagnose('cluster/unknown-team', undefined, { team: word, known, takesNamespace: true }));
}

/** Undefined outside of a repository. Services with mistakes do not matter here. */
export function spacesOf(values: JobValues, io: CliIo): readonly Space[] | undefined {
  let root: string;
  try {
    root = findRoot(io, values.root);
  } catch (error) {
    if (error instanceof UsageError && values.root === undefined) return undefined;
    throw error;
  }
  return analyze(nodeFileSystem(root)).namespaces.map(({ team, namespace }) => ({ team, namespace }));
}

/** `TEAM/JOB`, or `JOB` with `--namespace`. */
export function readTarget(word: string, values: JobValues, io: CliIo): { readonly namespace: string; readonly name: string } {
  const [first = '', second, ...others] = word.split('/');
  if (others.length > 0 || first === '' || second === '')
    throw new UsageError(`"${word}" is no TEAM/JOB`, 'for example risk/fraud-scorer--2026-11-22');
  if (second !== undefined) return { namespace: namespaceFor(first, values, io), name: second };
  if (values.namespace === undefined) throw new UsageError(`"${word}" is no TEAM/JOB`, 'name the team, or give --namespace NAME');
  return { namespace: values.namespace, name: first };
}
