/**
 * What the requests of a job ask for, as validate-input leaves it for validate-output: `requests.jsonl` in `report`. One line
 * names a file, and one follows for each of its requests that gives an id or names outputs. Files are in the order of their
 * bytes, requests in that of their file. A file that is not there stands for requests that ask for nothing.
 */
import { anyText, count, fields, list, type Decoder } from '../../src/contract/decode.js';

/** A request: its place in its file, from 0, and what it asks for. */
export interface Asked {
  readonly place: number;
  readonly id?: string;
  readonly outputs?: readonly string[];
}

/** One line: a file, or a request of the file that was named last. */
export type AskedLine = { readonly file: string } | Asked;

const file = fields({ file: anyText });
const asked = fields({ place: count }, { id: anyText, outputs: list(anyText) });
/** Reads one line of the list, which another step of the same run wrote. */
export const askedLine: Decoder<AskedLine> = (value, at) =>
  typeof value === 'object' && value !== null && 'file' in value ? file(value, at) : asked(value, at);
