/** The container engine of this machine: which one there is, and what it can do. */
import { parseJson } from '../../../base/fields.js';
import { diagnose } from '../../../diagnostics/diagnose.js';
import type { Result } from '../../../diagnostics/diagnostic.js';
import { findProgram } from '../programs.js';
import { type Answer, callEngine, type EngineCommand, problemOf } from './call.js';
import { type EngineFacts, readDockerInfo, readPodmanInfo } from './engine-info.js';

/** In the order in which they are looked for. */
export const engineKinds = ['docker', 'podman', 'nerdctl'] as const;
export type EngineKind = (typeof engineKinds)[number];

export type { Limit } from './engine-info.js';

export interface ContainerEngine extends EngineCommand, EngineFacts {
  readonly kind: EngineKind;
}

export interface EngineSearch {
  /** Undefined: the first one that is there and answers. */
  readonly wanted: EngineKind | undefined;
  /** PATH. */
  readonly searchPath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A daemon on a virtual machine that has just been started takes its time. */
const patienceSeconds = 60;

/** A command that is there may still have nothing to talk to, so each one is asked; the problem of the first is told where none answers. */
export async function findEngine({ wanted, searchPath, env, signal }: EngineSearch): Promise<Result<ContainerEngine>> {
  let problem: string | undefined;
  let asked: EngineKind | undefined;
  for (const kind of wanted === undefined ? engineKinds : [wanted]) {
    const program = findProgram(kind, searchPath);
    if (program === undefined) continue;
    const command = { program, env };
    const answer = await callEngine(command, ['info', '--format', '{{json .}}'], { seconds: patienceSeconds, signal });
    const facts = answer.code === 0 ? factsOf(kind, answer) : undefined;
    if (typeof facts === 'object') return [{ kind, ...command, ...facts }, []];
    asked ??= kind;
    problem ??= facts ?? problemOf(answer);
  }
  if (signal.aborted) return [undefined, []];
  return [
    undefined,
    [
      asked === undefined
        ? diagnose('run/engine-missing', undefined, { wanted })
        : diagnose('run/engine-unavailable', undefined, { engine: asked, problem: problem ?? '' }),
    ],
  ];
}

/** The facts, or why this engine cannot be used. */
function factsOf(kind: EngineKind, answer: Answer): EngineFacts | string {
  const info = parseJson(answer.stdout);
  if (info === undefined) return 'its answer to "info" was not understood';
  const facts = kind === 'podman' ? readPodmanInfo(info) : readDockerInfo(info);
  if (facts?.rootless && kind === 'podman' && !mapsAnyUser(facts.version)) {
    return `it is version ${facts.version}, and without root 4.3 or later is needed`;
  }
  // docker ends with 0 where only its client answers, and says why on stderr.
  return facts ?? (answer.stderr.trim() === '' ? 'its daemon gave no answer' : problemOf(answer));
}

/** From 4.3 on, `--userns=keep-id` takes the user that its own one shall be. */
function mapsAnyUser(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 3);
}
