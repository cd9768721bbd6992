/** Enough for what repeats in a large repository, and little beside it. */
const most = 1000;

/**
 * A pure function of a text that remembers what it has answered: for texts that repeat from definition to definition.
 * Forgets everything now and then, so that it never holds much.
 */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (text) => {
    const known = answers.get(text);
    if (known) return known.value;
    if (answers.size >= most) answers.clear();
    const value = compute(text);
    answers.set(text, { value });
    return value;
  };
}
