import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';
import type { PlatformSpec } from './generated/types.js';
import { connectionsFolder } from './locate-kind.js';

const reserved = (name: string, why: string, file: string, path: Path): readonly Diagnostic[] => [
  diagnose('input/reserved-name', { file, path }, { name, why }),
];

/** A service's name becomes the name of its objects and of a file in `dist/`, beside ours. */
export function reservedServiceName(name: string, file: string, path: Path): readonly Diagnostic[] {
  if (name === 'platform') return reserved(name, 'platform.yaml holds what a namespace shares', file, path);
  if (name === 'team') return reserved(name, "team.yaml holds a team's defaults", file, path);
  if (name.startsWith('millrace')) return reserved(name, 'objects that begin with millrace are shared by the namespace', file, path);
  return [];
}

/** Names of teams and namespaces that would collide with folders of ours or with Kubernetes itself. */
export const reservedPlatformNames = ({ teams }: PlatformSpec, file: string, path: Path): readonly Diagnostic[] =>
  teams.flatMap(({ name, namespace }, index) => {
    const at = (field: string): Path => [...path, 'teams', index, field];
    const effective = namespace ?? name;
    return [
      ...(name === connectionsFolder ? reserved(name, "services/connections holds the platform's connections", file, at('name')) : []),
      ...reservedNamespace(effective, file, at(namespace === undefined ? 'name' : 'namespace')),
    ];
  });

/** They are no team's: a pod beside a controller can use its Secrets. */
const reservedNamespaces: ReadonlyMap<string, string> = new Map([
  ['cluster', 'dist/cluster holds what belongs to no namespace'],
  ['default', 'Kubernetes has it in every cluster, and objects without a namespace land there'],
  ['tekton-pipelines', 'Tekton runs there'],
  ['tekton-pipelines-resolvers', 'Tekton runs there'],
  ['argocd', 'Argo CD runs there'],
  ['flux-system', 'Flux runs there'],
]);

function reservedNamespace(namespace: string, file: string, path: Path): readonly Diagnostic[] {
  const why = namespace.startsWith('kube-') ? 'namespaces that begin with kube- belong to Kubernetes' : reservedNamespaces.get(namespace);
  return why === undefined ? [] : reserved(namespace, why, file, path);
}
