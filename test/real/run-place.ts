/** A repository of its own for each run of a job in the tests. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace, type Outcome, packageRoot, readFiles, temporaryFolder } from '../cli/command.js';

export interface Place {
  /** A copy of this repository's definitions. */
  readonly root: string;
  readonly store: string;
  /** Stands for /opt/app of the service's image. */
  readonly app: string;
}

/** The example of this repository in a folder of its own, with what a test changes. */
export function place(changes: { readonly service?: (yaml: string) => string; readonly predictor?: string } = {}): Place {
  const root = temporaryFolder();
  const [store, app] = [join(root, 'store'), join(root, 'app')];
  cpSync(join(packageRoot, 'services'), join(root, 'services'), { recursive: true });
  for (const connection of ['raw', 'models'])
    cpSync(join(packageRoot, 'examples/fraud/store', connection), join(store, connection), { recursive: true });
  mkdirSync(join(store, 'results'));
  mkdirSync(app);
  const predictor = changes.predictor ?? readFileSync(join(packageRoot, 'examples/fraud/predictor.py'), 'utf8');
  writeFileSync(join(app, 'predictor.py'), predictor);
  const definition = join(root, 'services/risk/fraud-scorer.yaml');
  writeFileSync(definition, (changes.service ?? ((yaml) => yaml))(readFileSync(definition, 'utf8')));
  return { root, store, app };
}

export const fraud = ({ root }: Place, more: readonly string[] = []): readonly string[] => [
  ...['run', 'risk/fraud-scorer', '--root', root, '--store', 'store', '--exec', '--exec-map', '/opt/app=app'],
  ...more,
];
export const run = (at: Place, more: readonly string[] = []): Outcome => millrace(fraud(at, more), { cwd: at.root });

/** Times vary, and nothing else does. */
export const withoutTimes = (text: string): string => text.replace(/\b\d+\.\d+s\b/g, 'TIME');

export const published = ({ store }: Place, folder = 'results/fraud/out'): Readonly<Record<string, string>> => readFiles(join(store, folder));
export const json = (text: string | undefined): unknown => JSON.parse(text ?? 'null') as unknown;

/** Whether there is such a process. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended keeps its number until its parent asks; one whose parent was killed has a new parent that may be slow.
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
