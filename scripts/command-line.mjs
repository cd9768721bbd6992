// Bundles the command line into lib/bin/: millrace.js, which answers --help and words errors, check.cjs and commands.cjs with
// that and the other commands, which src/cli/load-bundle.ts loads with the bytecode beside them, and kubernetes.cjs, which only the commands
// that talk to a cluster load (src/cli/with-cluster.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  // The build of yaml for Node reads the environment, and prints what it parses where LOG_TOKENS is set.
  alias: { yaml: resolve('node_modules/yaml/browser/index.js') },
};

/** Gives what the bundles were made of, for the notices. */
export async function buildCommandLine() {
  const start = await build({ ...common, entryPoints: ['src/cli/main.ts'], outfile: 'lib/bin/millrace.js', format: 'esm' });
  const commands = await buildCommands('src/cli/load-command.ts', 'commands');
  // What a data scientist waits for: it need not read what the other commands are made of.
  const check = await buildCommands('src/cli/load-check.ts', 'check');
  const kubernetes = await build({
    ...common,
    entryPoints: ['src/cluster/kube-access.ts'],
    outfile: 'lib/bin/kubernetes.cjs',
    format: 'cjs',
    plugins: [kubeConfigOnly],
  });
  return [start.metafile, commands.metafile, check.metafile, kubernetes.metafile];
}

async function buildCommands(entryPoint, name) {
  const result = await build({
    ...common,
    entryPoints: [entryPoint],
    outfile: `lib/bin/${name}.cjs`,
    format: 'cjs',
    minifyIdentifiers: name === 'check',
    define: { 'import.meta.url': '__url' },
    banner: { js: "(function(require,__filename){const module={exports:{}};const __url=require('node:url').pathToFileURL(__filename).href;" },
    footer: { js: 'return module.exports;})' },
  });
  await writeBytecode(resolve(`lib/bin/${name}.cjs`), resolve(`lib/bin/${name}.bytecode`));
  return result;
}

/**
 * Of the Kubernetes client, only what reads a kubeconfig is used. Its class also makes clients of the generated API and
 * fetch options, which nobody calls: without them the bundle is a third as large.
 */
const kubeConfigOnly = {
  name: 'kube-config-only',
  setup(build) {
    const folder = resolve('node_modules/@kubernetes/client-node/dist');
    build.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: join(folder, 'config.js') }));
    build.onResolve({ filter: /^(\.\/gen\/index\.js|node-fetch)$/ }, ({ path, importer }) =>
      dirname(importer) === folder ? { path, namespace: 'unused' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'export const createConfiguration = undefined, ServerConfiguration = undefined, Headers = undefined;',
    }));
  },
};

/** The bytecode holds what V8 has compiled so far: the functions that a few checks needed. */
async function writeBytecode(bundle, bytecode) {
  const source = readFileSync(bundle);
  const script = new Script(source.toString('latin1'), { filename: bundle });
  const { loadCommand } = script.runInThisContext()(createRequire(bundle), bundle);
  const { run } = await loadCommand('check');
  // What they find does not matter here.
  const ignore = () => undefined;
  for (const folder of ['.', 'scaffold']) await run([], { stdout: ignore, stderr: ignore, cwd: resolve(folder), env: {}, color: false });
  const { sealBytecode } = await import(pathToFileURL(resolve('lib/cli/bytecode.js')).href);
  writeFileSync(bytecode, sealBytecode(source, script.createCachedData()));
}
