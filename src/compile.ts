import { assertInvariant } from './base/assert.js';
import { checkDefinitions } from './check/definitions.js';
import { checkResolvedService } from './check/service.js';
import { hasErrors, type Diagnostic } from './diagnostics/diagnostic.js';
import type { OutputFile } from './emit/output-file.js';
import { renderFile } from './emit/render-file.js';
import type { Manifest } from './manifests/manifest.js';
import { runtimeConfigMap } from './manifests/names.js';
import { renderCluster, renderNamespace } from './manifests/namespace.js';
import { renderService } from './manifests/service.js';
import type { NamespaceModel, ServiceModel } from './model/model.js';
import { readDefinitions } from './read-definitions.js';
import { resolve } from './resolve/resolve.js';
import type { ResolvedService } from './resolve/service.js';
import { serviceModel } from './resolve/service-model.js';
import type { FileSystem } from './source/file-system.js';
import { locateAll } from './source/locate.js';

/** The bundled runtime, passed in because the core reads no files. */
export interface RuntimeBundle {
  readonly text: string;
}

export interface CompileInput {
  readonly fileSystem: FileSystem;
  readonly runtime: RuntimeBundle;
}

export interface CompileResult {
  /** Sorted by path; empty if there is any error. */
  readonly files: readonly OutputFile[];
  /** Sorted by file, line, column, code; every `where` is a Span. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every definition file that was read, by path, for the renderers. */
  readonly sources: ReadonlyMap<string, string>;
  /** What was understood, as far as it was; complete where there is no error. */
  readonly namespaces: readonly NamespaceModel[];
  readonly services: readonly ServiceModel[];
}

/** Compiles all definitions below `services/` of a file system into the files of `dist/`. Pure: same bytes in, same bytes out. */
export function compile({ fileSystem, runtime }: CompileInput): CompileResult {
  const { definitions, sources, diagnostics: inputProblems } = readDefinitions(fileSystem);
  const [resolved, resolveProblems] = resolve(definitions);
  const checkProblems = [...checkDefinitions(definitions), ...resolved.services.flatMap(checkResolvedService)];
  const diagnostics = [...inputProblems, ...resolveProblems, ...withoutRepeated(checkProblems, inputProblems)];
  const located = diagnostics.length > 0 ? locateAll(diagnostics, sources) : [];
  const failed = hasErrors(located);
  const services = (failed ? withoutErrors(resolved.services, located) : resolved.services).map(serviceModel);
  const files = failed ? [] : render(resolved.namespaces, services, runtime);
  return { files, diagnostics: located, sources, namespaces: resolved.namespaces, services };
}

/** Characters that were found when a file was read are found again in its values: once is enough. */
function withoutRepeated(problems: readonly Diagnostic[], known: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = new Set(known.filter(({ code }) => characterCodes.has(code)).map(({ where }) => where?.file));
  return files.size === 0 ? problems : problems.filter(({ code, where }) => code !== 'check/unsafe-character' || !files.has(where?.file));
}

const characterCodes: ReadonlySet<string> = new Set(['source/unsafe-character', 'source/tab', 'source/carriage-return']);

/** Services that neither have an error nor depend on a file that has one. */
function withoutErrors(services: readonly ResolvedService[], diagnostics: readonly Diagnostic[]): readonly ResolvedService[] {
  const broken = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ where }) => where?.file));
  return services.filter(({ definition, context, connections }) => {
    const places = [
      definition,
      context.platform.definition,
      ...(context.defaults ? [context.defaults] : []),
      ...connections.map((each) => each.definition),
    ];
    return !broken.has(undefined) && !context.defaultsBroken && places.every(({ place }) => !broken.has(place.file));
  });
}

/** Who belongs to no file of a namespace is what the platform as a whole needs. */
const platformFile = 'services/platform.yaml';

function render(namespaces: readonly NamespaceModel[], services: readonly ServiceModel[], runtime: RuntimeBundle): readonly OutputFile[] {
  const identities = new Set<string>();
  const file = (path: string, source: string, manifests: readonly Manifest[]): OutputFile => {
    for (const manifest of manifests) {
      const identity = identityOf(manifest);
      assertInvariant(!identities.has(identity), `two objects are ${identity}`);
      identities.add(identity);
    }
    return renderFile({ path, source, manifests });
  };
  const cluster = renderCluster(namespaces);
  const runtimeName = runtimeConfigMap(runtime.text);
  return [
    ...(cluster.length > 0 ? [file('cluster/platform.yaml', platformFile, cluster)] : []),
    ...namespaces.map((model) => file(`${model.namespace}/platform.yaml`, platformFile, renderNamespace(model, runtime.text))),
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
