/** What is known of a job's containers before the first of them is made. */
import { type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diagnose } from '../../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { Step } from '../task.js';
import { canMount } from './create-args.js';
import type { ContainerEngine, Limit } from './engine.js';
import { gpusOf } from './gpu.js';
import type { UserIds } from './user.js';

/** Folders that engines would misread. `display` is how its user calls it. */
export const checkFolders = (
  folders: readonly { readonly path: string; readonly display: string; readonly option: string }[],
): readonly Diagnostic[] =>
  folders
    .filter(({ path }) => !canMount(path))
    .map(({ display, option }) => diagnose('run/path-not-mountable', undefined, { path: display, option }));

/** Warnings of what the Task says and these containers will not have. */
export function checkContainers(steps: readonly Step[], engine: Pick<ContainerEngine, 'kind' | 'limits'>, gpu: boolean): readonly Diagnostic[] {
  const asked: readonly Limit[] = ['memory', 'cpu'];
  const missing = asked.filter((limit) => !engine.limits.has(limit) && steps.some(({ container }) => container.limits.has(limit)));
  const devices = gpu ? [...new Set(steps.flatMap((step) => gpusOf(step).others))] : [];
  return [
    ...(missing.length > 0 ? [diagnose('run/limits-not-enforced', undefined, { engine: engine.kind, limits: missing })] : []),
    ...(devices.length > 0 ? [diagnose('run/device-not-given', undefined, { devices })] : []),
  ];
}

/** Where steps have another user than the store: whether that user may write to the folder of the output, or make it. */
export function checkOutputFolder(store: string, path: string, user: UserIds | undefined): readonly Diagnostic[] {
  if (user === undefined) return [];
  for (let folder = join(store, path); folder.startsWith(store); folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (!stat) continue;
    return mayWrite(user, stat) ? [] : [diagnose('run/store-not-writable', undefined, { user: String(user.uid), folder })];
  }
  // There is no store at all, which is told elsewhere.
  return [];
}

function mayWrite({ uid, gid }: UserIds, stat: Stats): boolean {
  const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
  // To write and to enter.
  return ((stat.mode >> shift) & 0o3) === 0o3;
}
