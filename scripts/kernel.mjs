// Compiles assembly/ into one WebAssembly module and writes it as text in Base64: nothing of it is
// committed, and no program needs a file beside it.
import { mkdirSync, writeFileSync } from 'node:fs';
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
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--use',
      'abort=',
      '--memoryBase',
      '4352',
      '--initialMemory',
      '3',
    ],
    { writeFile: (name, content) => void (files[name] = content) },
  );
  if (error) throw new Error(`the kernel does not compile: ${String(stderr)}`, { cause: error });
  const text = `export const kernelBinary = '${Buffer.from(files['kernel.wasm']).toString('base64')}';\n`;
  for (const target of targets) {
    mkdirSync(target, { recursive: true });
    writeFileSync(`${target}/kernel.js`, text);
  }
}
