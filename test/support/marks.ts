/** Positions in a test's own text, instead of counted columns: `a: «x»` marks the `x`. */
export interface Marked {
  readonly text: string;
  /** Offsets into `text`, in the order of their ends. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

export function readMarks(marked: string): Marked {
  const spans: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of marked) {
    if (character === '«') {
      open.push(text.length);
    } else if (character === '»') {
      const start = open.pop();
      if (start === undefined) throw new Error(`» without « in ${marked}`);
      spans.push({ start, end: text.length });
    } else {
      text += character;
    }
  }
  if (open.length > 0) throw new Error(`« without » in ${marked}`);
  return { text, spans };
}
