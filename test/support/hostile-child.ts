/** `node hostile-child.mjs KIND`: compiles one hostile file beside a valid platform, and prints what it took. */
import { readFileSync } from 'node:fs';
import { memoryFileSystem } from '../../src/source/file-system.js';
import { compile } from '../../src/compile.js';
import { renderers } from '../../src/diagnostics/render/renderers.js';
import { hostileTexts } from './hostile.js';

const [kind = '', platformFile = ''] = process.argv.slice(2);
const text = hostileTexts[kind];
if (text === undefined) throw new Error(`no kind ${kind}`);
const started = performance.now();
const { diagnostics, files, sources } = compile({
  fileSystem: memoryFileSystem({ 'services/platform.yaml': readFileSync(platformFile, 'utf8'), 'services/risk/hostile.yaml': text }),
  runtime: { text: '' },
});
const printed = renderers.text(diagnostics, sources, { color: false }).length;
const milliseconds = Math.round(performance.now() - started);
const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ milliseconds, mebibytes, printed, files: files.length, codes: [...new Set(diagnostics.map(({ code }) => code))] }));
