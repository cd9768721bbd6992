// Compiles assembly/ into one WebAssembly module and writes it as text, compressed and in Base64: nothing of it is
// committed, and no program needs a file beside it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import asc from 'assemblyscript/asc';

/** In src/ for tests and bundles, in lib/ for the library (tsc copies no .js). */
const targets = ['src/json/generated', 'lib/json/generated'];

export async function writeKernel() {
  const files = {};
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      '--outFile',
      'kernel.wasm',
      // No more: larger functions are hardly faster, and V8 takes twice the time and megabytes more to compile them.
      '-O2',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--use',
      'abort=',
      '--memoryBase',
      '4352',
      // What src/json/kernel.ts puts into it; what is not used costs nothing.
      '--initialMemory',
      '52',
    ],
    { writeFile: (name, content) => void (files[name] = content) },
  );
  if (error) throw new Error(`the kernel does not compile: ${String(stderr)}`, { cause: error });
  const text = `export const kernelBinary = '${deflateRawSync(files['kernel.wasm'], { level: 9 }).toString('base64')}';\n`;
  for (const target of targets) {
    mkdirSync(target, { recursive: true });
    writeFileSync(`${target}/kernel.js`, text);
  }
}
