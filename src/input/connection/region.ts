import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../../diagnostics/diagnostic.js';
import type { ConnectionSpec } from '../generated/types.js';
import { isHole, noHoles, type Holes } from '../holes.js';
import { describePath } from '../words.js';

/** AWS has regions; another store may have none, and then its endpoint says where it is. */
export function checkRegion(spec: ConnectionSpec, file: string, path: Path, holes: Holes = noHoles): readonly Diagnostic[] {
  if (spec.type !== 's3' || spec.region !== undefined || spec.endpoint !== undefined) return [];
  // Either is there, and wrong in a way of its own.
  if (['region', 'endpoint'].some((field) => isHole([...path, field], holes))) return [];
  const hint = 'region: Region of the bucket, for example eu-central-1; only with an endpoint may it be left out';
  return [diagnose('input/missing-field', { file, path, target: 'key' }, { field: '"region"', parent: describePath(path), hint })];
}
