import { Buffer } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import type { Accelerator } from './accelerator.js';
import { createDataState, idEnd, idStart } from './data-state.js';
import { kernelBinary } from './generated/kernel.js';
import { nameSetWords } from './name-set.js';

/** What the end of a piece cuts waits here for the next one; before it is the state. */
const leadStart = 8192;
const lead = 32_768;
/** Where the memory holds bytes to be read. */
const bufferStart = leadStart + lead;
const bufferSize = 512 << 10;
/** And the names of a list, behind bytes that are read and do not count. */
const namesStart = bufferStart + bufferSize + 1024;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  setDatatype(index: number): void;
  readElements(start: number, stop: number): number;
  readTensors(start: number, stop: number, depth: number): number;
  readDocuments(start: number, stop: number, depth: number, isRequest: boolean, isList: boolean): number;
  skipPlain(start: number, stop: number): number;
}

/** What `lib.dom` declares and Node has: the core is compiled without either. */
interface WebAssemblyGlobal {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

const isKernel = (value: unknown): value is Kernel =>
  typeof value === 'object' &&
  value !== null &&
  'memory' in value &&
  'setDatatype' in value &&
  'readElements' in value &&
  'readTensors' in value &&
  'readDocuments' in value &&
  'skipPlain' in value;

/**
 * The accelerator in WebAssembly, with a memory of its own. Undefined where the engine cannot run it (no WebAssembly, as
 * with `--jitless`, or no SIMD): then the scanner reads everything itself and comes to the same verdicts.
 */
export function createKernel(): Accelerator | undefined {
  const kernel = instantiate();
  if (!kernel) return undefined;
  const { buffer: memory } = kernel.memory;
  const buffer = new Uint8Array(memory, bufferStart, bufferSize);
  const state = createDataState(memory);
  const { numbers } = state;
  let isUsed = false;
  return {
    state,
    buffer,
    lead,
    setDatatype: (index) => {
      isUsed = index >= 0;
      if (isUsed) kernel.setDatatype(index);
    },
    readElements: (bytes, at, stop) => {
      if (!isUsed || bytes.buffer !== memory) return at;
      const { byteOffset } = bytes;
      return kernel.readElements(byteOffset + at, byteOffset + stop) - byteOffset;
    },
    readTensors: (bytes, at, stop, depth) => {
      const { byteOffset } = bytes;
      return bytes.buffer === memory ? kernel.readTensors(byteOffset + at, byteOffset + stop, depth) - byteOffset : at;
    },
    readDocuments: (bytes, at, stop, depth, { isRequest, isList }) => {
      if (bytes.buffer !== memory) return at;
      const { byteOffset } = bytes;
      const next = kernel.readDocuments(byteOffset + at, byteOffset + stop, depth, isRequest, isList);
      numbers[idStart] = (numbers[idStart] ?? 0) - byteOffset;
      numbers[idEnd] = (numbers[idEnd] ?? 0) === 0 ? 0 : (numbers[idEnd] ?? 0) - byteOffset;
      return next - byteOffset;
    },
    names: new Int32Array(memory, namesStart, nameSetWords),
    skipPlain: (bytes, at, stop) => {
      const { byteOffset } = bytes;
      return kernel.skipPlain(byteOffset + at, byteOffset + stop) - byteOffset;
    },
  };
}

function instantiate(): Kernel | undefined {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyGlobal };
  if (WebAssembly === undefined) return undefined;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(inflateRawSync(Buffer.from(kernelBinary, 'base64'))));
    return isKernel(exports) ? exports : undefined;
  } catch {
    return undefined;
  }
}
