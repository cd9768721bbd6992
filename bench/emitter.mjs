// Emitter and write against indented JSON.stringify and write of the same objects, in one process, in turn.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { compile } from '../lib/compile.js';
import { nodeFileSystem } from '../lib/cli/node-file-system.js';
import { renderFile } from '../lib/emit/render-file.js';
import { updateOutput } from '../lib/emit/writer.js';
import { emitYaml } from '../lib/emit/yaml.js';
import { runtimeConfigMap } from '../lib/manifests/names.js';
import { renderService } from '../lib/manifests/service.js';
import { generateRepository } from './generate.mjs';
import { median, row } from './measure.mjs';

const services = 1000;
const rounds = 9;
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-emitter-'));
try {
  generateRepository(folder, services);
  const runtime = { text: readFileSync(new URL('../lib/runtime.mjs', import.meta.url), 'utf8') };
  const runtimeName = runtimeConfigMap(runtime.text);
  // One file per service, its objects with their keys in the order in which the compiler makes them.
  const files = compile({ fileSystem: nodeFileSystem(folder), runtime }).services.map((service) => ({
    path: `${service.namespace.namespace}/${service.name}.yaml`,
    source: `services/${service.namespace.team}/${service.name}.yaml`,
    manifests: renderService(service, runtimeName),
  }));
  if (files.length !== services) throw new Error(`only ${files.length} of ${services} services compiled`);

  const out = join(folder, 'out');
  const write = (textOf) => {
    for (const { path, manifests } of files) writeFileSync(join(out, path), textOf(manifests));
  };
  const sides = {
    emitter: () => write((manifests) => manifests.map(emitYaml).join('---\n')),
    json: () => write((manifests) => JSON.stringify(manifests, null, 2)),
    transaction: () => updateOutput(out, files.map(renderFile)),
    emitterAlone: () => files.map(({ manifests }) => manifests.map(emitYaml).join('---\n')),
    jsonAlone: () => files.map(({ manifests }) => JSON.stringify(manifests, null, 2)),
  };
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(sides)) {
      rmSync(out, { recursive: true, force: true });
      for (const { path } of files) mkdirSync(join(out, path, '..'), { recursive: true });
      const start = performance.now();
      run();
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  const milliseconds = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
  const objects = files.reduce((sum, { manifests }) => sum + manifests.length, 0);
  row(`emitter and write, ${services} files (${objects} objects)`, `${milliseconds.emitter.toFixed(0)} ms`, '');
  row('indented JSON.stringify and write of the same', `${milliseconds.json.toFixed(0)} ms`, '');
  row('ratio', (milliseconds.emitter / milliseconds.json).toFixed(2), 'at most 2.0, aim 1.8');
  row('ratio without writing', (milliseconds.emitterAlone / milliseconds.jsonAlone).toFixed(2), '');
  row('emitter, headers and the whole transaction', `${milliseconds.transaction.toFixed(0)} ms`, '');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
