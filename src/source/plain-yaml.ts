import { parse } from 'yaml';

/**
 * The value of a YAML or JSON text that stands somewhere else than in a repository, as JSON could say it: anchors, tags and merges
 * included, for there is no one to tell to write it otherwise. Undefined where it is neither, or holds itself.
 *
 * @param text of somebody who may do more harm than to make this slow
 */
export function parsePlainYaml(text: string): unknown {
  try {
    return JSON.parse(JSON.stringify(parse(text, { merge: true })));
  } catch {
    return undefined;
  }
}
