import { membersOf, type Context, type Member } from './members.js';

/** An object or array of a document that is looked into. */
export interface OpenValue {
  context: Context | 'root';
  members: readonly Member[];
  /** Where it begins. */
  offset: number;
  line: number;
  /** Bits of the members that were there. */
  seen: number;
  /** Values of an array so far. */
  items: number;
  /** The member whose value comes; undefined for one that the protocol does not name. */
  member: Member | undefined;
  isRepeated: boolean;
}

/** The way from the document to the value that is being read. Its few levels are made once and used again. */
export interface OpenValues {
  top(): OpenValue;
  push(context: Context, offset: number, line: number): OpenValue;
  /** Gives the one that is closed. */
  pop(): OpenValue;
  clear(): void;
}

/** More than the structure of the protocol has. */
const levels = 8;

/** With the document itself open at first. */
export function createOpenValues(): OpenValues {
  const values = Array.from({ length: levels }, (): OpenValue => ({
    context: 'root',
    members: [],
    offset: 0,
    line: 0,
    seen: 0,
    items: 0,
    member: undefined,
    isRepeated: false,
  }));
  const [root] = values;
  let depth = 0;
  const at = (level: number): OpenValue => {
    const value = values[level] ?? root;
    if (value === undefined) throw new Error('there is always a root');
    return value;
  };
  return {
    top: () => at(depth),
    push: (context, offset, line) => {
      depth += 1;
      const value = at(depth);
      value.context = context;
      value.members = membersOf[context] ?? [];
      value.offset = offset;
      value.line = line;
      value.seen = 0;
      value.items = 0;
      value.member = undefined;
      value.isRepeated = false;
      return value;
    },
    pop: () => {
      depth -= 1;
      return at(depth + 1);
    },
    clear: () => {
      depth = 0;
    },
  };
}
