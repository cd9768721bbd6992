import { diagnose } from '../../diagnostics/diagnose.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import type { Manifest } from '../../manifests/manifest.js';
import type { NamespaceModel, ServiceModel } from '../../model/model.js';
import type { Api } from '../api.js';
import { ClusterProblem } from '../problem.js';
import type { Place } from '../resource.js';

/** One thing that was looked at. */
export interface Check {
  /** Of the whole cluster: undefined. */
  readonly namespace: string | undefined;
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  /** What was found; names, versions and counts, never a value of a Secret. */
  readonly found: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the definitions need of a cluster. */
export interface Patient {
  readonly api: Api;
  readonly namespaces: readonly NamespaceModel[];
  readonly services: readonly ServiceModel[];
  /** All of `dist/`. */
  readonly objects: readonly Manifest[];
}

/** A check with the state that its diagnostics make: `unknown` where all of them say that something was not seen. */
export function check(namespace: string | undefined, what: string, found: string, diagnostics: readonly Diagnostic[] = []): Check {
  const state = hasErrors(diagnostics)
    ? 'problem'
    : diagnostics.length === 0
      ? 'ok'
      : diagnostics.every(({ code }) => code === 'doctor/not-seen')
        ? 'unknown'
        : 'warning';
  return { namespace, what, state, found, diagnostics };
}

/** What may not be read, or is not there to be read, is said and does not end the rest. Everything else does. */
export async function partial(namespace: string | undefined, what: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ClusterProblem) || !passable.has(error.diagnostic.code)) throw error;
    return check(namespace, what, 'not known', [diagnose('doctor/not-seen', undefined, { what, problem: error.diagnostic.message })]);
  }
}

const passable: ReadonlySet<string> = new Set(['cluster/forbidden', 'cluster/missing-kind', 'cluster/refused']);

/** All objects of a type. */
export async function readAll(api: Api, place: Place): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  await api.list(place, {}, (items) => {
    all.push(...items);
    return true;
  });
  return all;
}

/** `1.34` of `v1.34.4`. */
export const minorOf = (version: string): string => /(\d+\.\d+)/.exec(version)?.[1] ?? version;
