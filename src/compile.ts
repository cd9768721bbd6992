import { analyze, type Analysis } from './analyze.js';
import { assertInvariant } from './base/assert.js';
import { hasErrors } from './diagnostics/diagnostic.js';
import type { OutputFile } from './emit/output-file.js';
import { passOn, renderFile } from './emit/render-file.js';
import { platformFile } from './input/locate-kind.js';
import { withLimits } from './limits.js';
import type { Manifest } from './manifests/manifest.js';
import { runtimeConfigMap } from './manifests/names.js';
import { renderCluster, renderNamespace } from './manifests/namespace.js';
import { encryptedFiles } from './manifests/secrets.js';
import { renderService } from './manifests/service.js';
import type { FileSystem } from './source/file-system.js';

/** The bundled runtime, passed in because the core reads no files. */
export interface RuntimeBundle {
  /** Text of the file `millrace/runtime.mjs` of this package. */
  readonly text: string;
}

/** All that the output depends on. */
export interface CompileInput {
  /** The repository: definitions are read below its `services/`. */
  readonly fileSystem: FileSystem;
  readonly runtime: RuntimeBundle;
}

/** What is wrong with the definitions, and what they compile to. */
export interface CompileResult extends Analysis {
  /** Sorted by path; empty if there is any error. */
  readonly files: readonly OutputFile[];
}

/** Compiles all definitions below `services/` of a file system into the files of `dist/`. Pure: same bytes in, same bytes out. */
export function compile({ fileSystem, runtime }: CompileInput): CompileResult {
  const analysis = withLimits(analyze(fileSystem));
  return { ...analysis, files: hasErrors(analysis.diagnostics) ? [] : render(analysis, runtime) };
}

function render({ namespaces, services }: Analysis, runtime: RuntimeBundle): readonly OutputFile[] {
  const identities = new Set<string>();
  const file = (path: string, source: string, manifests: readonly Manifest[]): OutputFile => {
    for (const manifest of manifests) {
      const identity = identityOf(manifest);
      assertInvariant(!identities.has(identity), `two objects are ${identity}`);
      identities.add(identity);
    }
    return renderFile({ path, source, manifests });
  };
  const cluster = renderCluster(namespaces, services);
  const runtimeName = runtimeConfigMap(runtime.text);
  return [
    ...(cluster.length > 0 ? [file('cluster/platform.yaml', platformFile, cluster)] : []),
    ...namespaces.map((model) => file(`${model.namespace}/platform.yaml`, platformFile, renderNamespace(model, runtime.text))),
    ...namespaces.flatMap((model) =>
      encryptedFiles(model).map(({ file: name, source, text }) => passOn({ path: `${model.namespace}/${name}`, source, text })),
    ),
    ...services.map((service) =>
      file(`${service.namespace.namespace}/${service.name}.yaml`, service.place.file, renderService(service, runtimeName)),
    ),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What makes an object the same one for a cluster; the version of its API does not. */
function identityOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('/');
}
