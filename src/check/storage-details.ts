import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConnectionDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** A key that would encrypt nothing: its author believes otherwise. */
export function checkEncryptionKey({ spec, place }: ConnectionDefinition): readonly Diagnostic[] {
  if (spec.type !== 's3' || spec.sse?.keyId === undefined || spec.sse.type === 'aws:kms') return [];
  return [diagnose('check/encryption-key-without-kms', at(place, 'sse', 'keyId'), { type: spec.sse.type })];
}
