import type { Accelerator } from './accelerator.js';
import { createDataState, nameEnd, nameStart } from './data-state.js';
import { kernelBinary } from './generated/kernel.js';

/** Where the memory holds bytes to be read; before it is the state. */
const bufferStart = 8192;
const bufferSize = 128 << 10;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  setDatatype(index: number): void;
  readElements(start: number, stop: number): number;
  readTensor(start: number, stop: number, depth: number): number;
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
  'readTensor' in value &&
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
    setDatatype: (index) => {
      isUsed = index >= 0;
      if (isUsed) kernel.setDatatype(index);
    },
    readElements: (bytes, at, stop) => {
      if (!isUsed || bytes.buffer !== memory) return at;
      const { byteOffset } = bytes;
      return kernel.readElements(byteOffset + at, byteOffset + stop) - byteOffset;
    },
    readTensor: (bytes, at, stop, depth) => {
      if (bytes.buffer !== memory) return at;
      const { byteOffset } = bytes;
      const next = kernel.readTensor(byteOffset + at, byteOffset + stop, depth);
      if (next === 0) return at;
      numbers[nameStart] = (numbers[nameStart] ?? 0) - byteOffset;
      numbers[nameEnd] = (numbers[nameEnd] ?? 0) - byteOffset;
      return next - byteOffset;
    },
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
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(decodeBase64(kernelBinary)));
    return isKernel(exports) ? exports : undefined;
  } catch {
    return undefined;
  }
}

const decodeBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
