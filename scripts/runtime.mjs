// The runtime: everything that runs inside the steps of a job, as one file that a ConfigMap can hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { bundledPackages } from './notices.mjs';

/** `require` of Node's own modules inside bundled CommonJS packages. */
export const requireBanner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Writes `lib/runtime.mjs`. Gives what it was made of, for the notices. */
export async function buildRuntime() {
  const { outputFiles, metafile } = await build({
    entryPoints: ['runtime/main.ts'],
    outfile: 'lib/runtime.mjs',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    banner: { js: requireBanner },
    plugins: [smallerTables],
  });
  const names = bundledPackages(metafile).map(({ name, version, license }) => `${name} ${version} (${license}, ${licensePage(license)})`);
  const notice = `// The runtime of millrace (Apache-2.0, ${licensePage('Apache-2.0')}).\n// Holds ${names.join('; ')}.\n`;
  writeFileSync('lib/runtime.mjs', notice + printable(outputFiles[0].text));
  return metafile;
}

/**
 * Tables that libraries carry, in less: the constants of zlib, which Node has since version 8, and a CRC-32 that few versions of
 * Node still need. The build fails where a library does not have them any more.
 */
const smallerTables = {
  name: 'smaller-tables',
  setup(build) {
    const left = new Set(['constants', 'crc32']);
    build.onLoad({ filter: /[/\\]minizlib[/\\]dist[/\\]esm[/\\]constants\.js$/ }, () => {
      left.delete('constants');
      return { contents: "export { constants } from 'node:zlib';" };
    });
    build.onLoad({ filter: /[/\\]yauzl[/\\]crc32\.js$/ }, () => {
      left.delete('crc32');
      return { contents: readFileSync('runtime/archive/crc32.cjs', 'utf8') };
    });
    build.onEnd(() => ({ errors: [...left].map((name) => ({ text: `no library has ${name}.js any more` })) }));
  },
};

/** Where the text of a licence stands: the ConfigMap travels without the package. */
const licensePage = (license) => (license.startsWith('BlueOak') ? 'blueoakcouncil.org/license/1.0.0' : `spdx.org/licenses/${license}`);

/** Control characters inside strings would keep YAML from showing the program as a block of lines. */
const printable = (text) => text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
