import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { listOf, textOf } from '../read.js';
import type { ResourceType } from '../resource.js';
import { ClusterProblem } from '../problem.js';
import { check, type Check, type Patient } from './check.js';

/** Whether all objects that `dist/` has for a namespace, or (undefined) for no namespace, are there. What is in them is the GitOps engine's to compare. */
export async function checkApplied({ api, objects }: Patient, namespace: string | undefined): Promise<Check> {
  const ours = objects.filter(({ metadata }) => metadata.namespace === namespace);
  const types = new Map<string, readonly ResourceType[]>();
  const missing: string[] = [];
  const unseen = new Set<string>();
  let there = 0;
  for (const { apiVersion, kind, metadata } of ours) {
    if (unseen.has(kind)) continue;
    if (!types.has(apiVersion))
      types.set(apiVersion, readTypes(apiVersion, await api.served(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)));
    const type = types.get(apiVersion)?.find((each) => each.kind === kind);
    try {
      const found = type && (await api.find({ type, namespace, name: metadata.name }));
      if (found === undefined) missing.push(`${kind} ${metadata.name}`);
      else there += 1;
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.diagnostic.code !== 'cluster/forbidden') throw error;
      unseen.add(kind);
    }
  }
  const diagnostics: Diagnostic[] = [
    ...(missing.length > 0 ? [diagnose('doctor/not-applied', undefined, { namespace, objects: missing })] : []),
    ...(unseen.size > 0
      ? [
          diagnose('doctor/not-seen', undefined, {
            what: `whether ${[...unseen].join(', ')} of ${namespace === undefined ? 'the cluster' : `namespace ${namespace}`} are there`,
            problem: 'you may not read them',
          }),
        ]
      : []),
  ];
  return check(namespace, 'objects of dist/', `${String(there)} of ${String(ours.length)} are there`, diagnostics);
}

function readTypes(apiVersion: string, served: unknown): readonly ResourceType[] {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return listOf(served, 'resources')
    .map((each) => ({ group, version, plural: textOf(each, 'name'), kind: textOf(each, 'kind') }))
    .filter(({ plural }) => !plural.includes('/'));
}
