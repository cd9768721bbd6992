import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** Names that end like this are of secrets themselves: TOKENIZER, PASSWORD_FILE and KEY_COLUMN are not. */
const names =
  /(?:^|[-_.])(?:pass|password|passwd|passphrase|pwd|secret|token|credentials?|(?:api|access|account|auth|private|secret|shared)[-_]?key)$/i;
/** `accessKey` and `authToken`, too. */
const separated = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
const namesSecret = (name: string): boolean => names.test(separated(name));

/** A path, one of the predictor's own variables, or a value that turns something off is no secret. */
const isHarmless = (value: string): boolean => value === '' || /^(?:\/|\.{1,2}\/|\$\(|true$|false$|none$|null$|no$|yes$|[0-9]{1,6}$)/i.test(value);

/** Secrets that somebody thought of have no form: their names tell them. Keys of known forms are `source/secret`. */
export function checkSecretValues({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  const found = (name: string, ...keys: readonly (string | number)[]): Diagnostic => diagnose('check/secret-value', at(place, ...keys), { name });
  const environment = Object.entries(spec.env ?? {}).flatMap(([name, value]) =>
    namesSecret(name) && !isHarmless(value) ? [found(name, 'env', name)] : [],
  );
  const words = [
    ...spec.command.map((word, index) => ({ word, keys: ['command', index] as const })),
    ...(spec.args ?? []).map((word, index) => ({ word, keys: ['args', index] as const })),
  ];
  const given = secretArguments(words.map(({ word }) => word)).map(({ index, flag }) => found(flag, ...(words[index]?.keys ?? [])));
  return [...environment, ...given];
}

/** The arguments of a command line that are secrets by the name of their flag: `--api-key=…`, or `…` behind `--api-key`. */
export function secretArguments(words: readonly string[]): readonly { readonly index: number; readonly flag: string }[] {
  return words.flatMap((word, index) => {
    const [, name = '', value = ''] = /^--?([A-Za-z][\w.-]*)=(.*)$/s.exec(word) ?? [];
    if (namesSecret(name) && !isHarmless(value)) return [{ index, flag: `--${name}` }];
    const [, flag = ''] = /^--?([A-Za-z][\w.-]*)$/.exec(words[index - 1] ?? '') ?? [];
    return namesSecret(flag) && !isHarmless(word) && !word.startsWith('-') ? [{ index, flag: `--${flag}` }] : [];
  });
}
