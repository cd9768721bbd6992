/** A JSON Pointer (RFC 6901): `/inputs/0/data`; the empty text is the whole document. */
export const jsonPointer = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
