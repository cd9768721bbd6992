// The schemas are TypeScript: bundles the modules named and imports the result, without leaving a file behind.
import { build } from 'esbuild';

/** @param {string} contents module source, with imports relative to src/input/ */
export async function loadInput(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: 'src/input', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
