import { error } from '../define.js';
import { quote } from '../words.js';

/** What only a program can get wrong that uses the constructs. */
export const constructCatalogue = {
  'construct/not-the-runtime': error(
    () => "runtime is not the text of millrace's runtime",
    () => `give the text of the file: readFileSync(fileURLToPath(import.meta.resolve('millrace/runtime.mjs')), 'utf8')`,
  ),
  'construct/second-namespace': error<{ readonly namespace: string; readonly first: string }>(
    ({ namespace, first }) => `the namespace ${quote(namespace)} has a PlatformNamespace in this chart already: ${first}`,
    () => 'hand that one to all services of the team',
  ),
};
