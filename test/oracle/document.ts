import { parseJson, type Parsed } from './json.js';
import { validateRequest } from './request.js';
import { validateResponse } from './response.js';
import type { Verdict } from './violation.js';

/** What the rules say of a document, or that it is no JSON. */
export type OracleVerdict = (Verdict & { readonly repeated: number }) | 'no JSON';

/** Reads a document whole and applies the rules of the profile `spec` to its value: the other way to come to a verdict. */
export function judgeWhole(bytes: Uint8Array, direction: 'request' | 'response'): OracleVerdict {
  let parsed: Parsed;
  try {
    parsed = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return 'no JSON';
  }
  if (parsed.hasLoneSurrogate) return 'no JSON';
  const verdict = direction === 'request' ? validateRequest(parsed.value) : validateResponse(parsed.value);
  return { ...verdict, repeated: parsed.repeated };
}
