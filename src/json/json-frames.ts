import { base as baseDepth, deepest, elements, most as mostDepth, mostLevels, opened, shallowest, uneven, type DataState } from './data-state.js';
import { readData, readParts, readSkip, type Reading } from './json-handler.js';
import type { JsonLimits } from './json-limits.js';
import type { NameKey } from './name-hash.js';
import { createNameStack, type NameStack } from './name-stack.js';
import { jsonPointer } from './pointer.js';

/** The arrays and objects that are open, outermost first, and with them the way to the value that is being read. */
export interface JsonFrames {
  depth(): number;
  /** An accelerator has opened or closed arrays of a tensor. */
  setDepth(depth: number): void;
  isObject(): boolean;
  reading(): Reading;
  /** False where it would be one too deep. */
  open(isObject: boolean, reading: Reading): boolean;
  /** Gives how the one that is closed was read. */
  close(): Reading;
  /** In an array, one more value begins, or more. */
  countItem(count?: number): void;
  /** An element of a tensor begins, on this level. */
  countElement(): void;
  addKey(bytes: Uint8Array, start: number, end: number): ReturnType<NameStack['add']>;
  /** JSON Pointer of the value that is being read. */
  pointer(): string;
  /** JSON Pointer of the value below which nothing is told. */
  basePointer(): string;
  clear(): void;
}

/** The structure of the protocol has fewer levels. */
const structureLevels = 8;
const decoder = new TextDecoder();

/** None is open at first; `nameKey` keys the hash of names, so that nobody can choose names that collide. */
export function createJsonFrames({ items, lengths, numbers }: DataState, limits: JsonLimits, nameKey: NameKey): JsonFrames {
  const kinds = new Uint8Array(mostLevels);
  const readings: Reading[] = Array.from({ length: mostLevels }, () => readSkip);
  /** Names that there were when an object was opened, and its key that is being read. */
  const marks = new Int32Array(mostLevels);
  const keys = new Int32Array(mostLevels);
  const names = createNameStack({ names: limits.members, bytes: limits.memberBytes }, nameKey);
  const most = Math.min(limits.depth, mostLevels - structureLevels - 1);
  let depth = 0;
  let base = 0;

  readings[0] = readParts;

  const pointerTo = (last: number): string => {
    const path: (string | number)[] = [];
    for (let level = 1; level <= last; level += 1) {
      if (kinds[level] === 0) {
        const index = (items[level] ?? 0) - 1;
        if (index >= 0) path.push(index);
      } else {
        const key = keys[level] ?? -1;
        if (key >= 0) path.push(decoder.decode(names.at(key)));
      }
    }
    return jsonPointer(path);
  };

  const beginTensor = (): void => {
    numbers[baseDepth] = base;
    numbers[elements] = 0;
    numbers[shallowest] = mostLevels;
    numbers[deepest] = 0;
    numbers[uneven] = 0;
    numbers[opened] = 0;
  };

  return {
    depth: () => depth,
    isObject: () => kinds[depth] === 1,
    reading: () => readings[depth] ?? readSkip,
    setDepth: (level) => {
      // Only arrays of a tensor were opened or closed on the way.
      for (let opened = depth + 1; opened <= level; opened += 1) {
        kinds[opened] = 0;
        readings[opened] = readData;
        marks[opened] = names.size();
      }
      depth = level;
    },
    open: (isObject, reading) => {
      if (reading !== readParts && readings[depth] === readParts) {
        base = depth + 1;
        if (reading === readData) beginTensor();
      }
      if (reading === readParts ? depth >= structureLevels : depth + 1 - base >= most) return false;
      depth += 1;
      kinds[depth] = isObject ? 1 : 0;
      readings[depth] = reading;
      marks[depth] = names.size();
      keys[depth] = -1;
      items[depth] = 0;
      if (reading === readData && depth > (numbers[opened] ?? 0)) {
        numbers[opened] = depth;
        lengths[depth] = -1;
      }
      return true;
    },
    close: () => {
      const reading = readings[depth] ?? readSkip;
      if (kinds[depth] === 1) {
        names.release(marks[depth] ?? 0);
      } else if (reading === readData) {
        const length = items[depth] ?? 0;
        if (lengths[depth] === -1) lengths[depth] = length;
        else if (lengths[depth] !== length) numbers[uneven] = 1;
      }
      depth -= 1;
      return reading;
    },
    countItem: (count = 1) => {
      items[depth] = (items[depth] ?? 0) + count;
    },
    countElement: () => {
      numbers[elements] = (numbers[elements] ?? 0) + 1;
      if (depth < (numbers[shallowest] ?? 0)) numbers[shallowest] = depth;
      if (depth > (numbers[deepest] ?? 0)) numbers[deepest] = depth;
    },
    addKey: (bytes, start, end) => {
      const added = names.add(depth, bytes, start, end);
      keys[depth] = names.last();
      return added;
    },
    pointer: () => pointerTo(depth),
    basePointer: () => pointerTo(base - 1),
    clear: () => {
      numbers[mostDepth] = most;
      depth = 0;
      base = 0;
      names.release(0);
    },
  };
}
