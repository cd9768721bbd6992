/** How a service wants its files to be read; see also `Profile`. */
export const framings = ['document', 'jsonl', 'array'] as const;
/** How documents lie in a file: one per file, one per line, or as the items of one array. */
export type Framing = (typeof framings)[number];

export const coercions = ['refuse', 'allow'] as const;
/** What becomes of elements that a server could convert to their datatype: `allow` makes them warnings. */
export type Coercion = (typeof coercions)[number];

/** Whether a file is one of documents, by its name. */
export const isDocumentName = (name: string, framing: Framing): boolean => name.endsWith('.json') || (framing === 'jsonl' && name.endsWith('.jsonl'));
