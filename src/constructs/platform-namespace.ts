import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { isFields } from '../base/fields.js';
import { checkStoresReachable } from '../check/network.js';
import { checkDefinitions } from '../check/definitions.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec, PlatformSpec, TeamSpec } from '../input/generated/types.js';
import { validateSpec } from '../input/validate.js';
import { janitorName, listenerServiceAccount, runtimeConfigMap, scheduleServiceAccount, shared, viewersRole } from '../manifests/names.js';
import { policyNames } from '../manifests/walls/selectors.js';
import type { Manifest } from '../manifests/manifest.js';
import { renderNamespace } from '../manifests/namespace.js';
import { renderScheduleRights } from '../manifests/schedules/rights.js';
import type { NamespaceModel } from '../model/model.js';
import type { TeamDefinition } from '../resolve/definition.js';
import { noDefinitions, type TeamService } from '../resolve/definitions.js';
import { connectionProblems } from '../resolve/connection-access.js';
import { indexConnections } from '../resolve/connections.js';
import { resolveNamespace } from '../resolve/namespace.js';
import { namespaceOf, resolvePlatform, type PlatformContext } from '../resolve/platform.js';
import { connectionDefinitions } from './connections.js';
import { DiagnosticsError } from './diagnostics-error.js';
import { ManifestObject } from './manifest-object.js';
import { plainSpec, type WithNamed } from './named.js';
import { anything, isText, propsProblems, type Prop } from './props.js';
import { constructName, secretsInProps } from './secrets.js';
import { isRuntimeText } from './runtime-text.js';

/** Props of a {@link PlatformNamespace}. */
export interface PlatformNamespaceProps {
  /** What the platform allows: the `spec` of a Platform definition. Objects with a `name` may stand for `secretRef`. */
  readonly platform: WithNamed<PlatformSpec>;
  /** Which of the platform's teams this is. Its namespace is the one that `platform` gives it. */
  readonly team: string;
  /**
   * Defaults of the team's services: the `spec` of a Team definition.
   * @default - those of the platform, listed in docs/defaults.md
   */
  readonly defaults?: WithNamed<TeamSpec>;
  /**
   * Connections that the jobs of the namespace reach, by name: the `spec` of Connection definitions. The walls of
   * `platform.network` let nothing else through; without such walls they are not needed here.
   * @default - none
   */
  readonly connections?: Readonly<Record<string, WithNamed<ConnectionSpec>>>;
  /**
   * Text of the runtime that the job's steps run, which is the file `millrace/runtime.mjs` of this package:
   * `readFileSync(fileURLToPath(import.meta.resolve('millrace/runtime.mjs')), 'utf8')`. Constructs read no files.
   */
  readonly runtime: string;
}

/**
 * What the namespace of a team shares: the Namespace (if the platform manages it), the ServiceAccount of the runs, the
 * runtime's ConfigMap and, if callers may start services of the team, the EventListener with its rights; as soon as a service
 * has a schedule, the ServiceAccount of schedules with its rights.
 *
 * The listener also reads ClusterInterceptors: that ClusterRole is emitted once for a cluster, by `millrace synth` or by hand; so is the
 * Ingress of the host that NGINX of F5 needs, where `hostNamespace` is no team's.
 *
 * @throws DiagnosticsError with everything that is wrong with the props
 */
export class PlatformNamespace extends Construct {
  /** Name of the team. */
  readonly team: string;
  /** Name of the namespace. */
  readonly namespace: string;
  /** Name of the ConfigMap that holds the runtime. */
  readonly runtimeName: string;
  /** @internal */
  readonly platformContext: PlatformContext;
  /** @internal */
  readonly model: NamespaceModel;
  /** @internal */
  readonly teamDefaults: TeamDefinition | undefined;
  /** The services so far: their names and ids belong to one each. @internal */
  readonly services: TeamService[] = [];
  private hasScheduleRights = false;

  constructor(scope: Construct, id: string, props: PlatformNamespaceProps) {
    super(scope, id);
    const what = constructName('PlatformNamespace', this.node.path);
    const propProblems = propsProblems(what, props, expectedProps);
    if (propProblems.length > 0) throw new DiagnosticsError(what, propProblems);
    const { platform: given, team: name, defaults: teamSpec, connections: stores } = props;
    const secrets = secretsInProps(what, { platform: given, team: name, defaults: teamSpec, connections: stores });
    if (secrets.length > 0) throw new DiagnosticsError(what, secrets);
    const place = { file: what, path: [] };
    const [spec, shapeProblems] = validateSpec('Platform', plainSpec(props.platform), place);
    if (!spec) throw new DiagnosticsError(what, shapeProblems);

    const definition = { name: 'platform', spec, place };
    const [context, problems] = resolvePlatform(definition);
    const team = context.teams.get(props.team);
    const defaultsPlace = { file: what, path: ['defaults'] };
    const [defaults, defaultsProblems] =
      props.defaults === undefined ? [undefined, []] : validateSpec('Team', plainSpec(props.defaults), defaultsPlace);
    this.teamDefaults = defaults && { name: props.team, spec: defaults, place: defaultsPlace };
    const [connections, connectionShapes] = connectionDefinitions(what, props.connections ?? {});
    const [index, duplicates] = indexConnections(connections, []);
    const model = team && resolveNamespace(context, team, index);
    const diagnostics: readonly Diagnostic[] = [
      ...shapeProblems,
      ...problems,
      ...connectionShapes,
      ...duplicates,
      ...index.all.flatMap((connection) => connectionProblems(connection, context)),
      ...checkStoresReachable({ platform: context, namespaces: model ? [model] : [] }),
      ...defaultsProblems,
      ...checkDefinitions({ ...noDefinitions, platform: definition, teams: this.teamDefaults ? [this.teamDefaults] : [], connections }),
      ...(isRuntimeText(props.runtime) ? [] : [diagnose('construct/not-the-runtime', { file: what, path: ['runtime'] }, {})]),
      ...(team
        ? secondNamespace(this, namespaceOf(team.value), what)
        : [diagnose('resolve/unknown-team', { file: what, path: ['team'] }, { team: props.team, known: [...context.teams.keys()] })]),
    ];
    if (!model || hasErrors(diagnostics)) throw new DiagnosticsError(what, diagnostics);

    this.platformContext = context;
    this.model = model;
    this.team = this.model.team;
    this.namespace = this.model.namespace;
    namespacesOf(this).set(this.namespace, this.node.path);
    this.runtimeName = runtimeConfigMap(props.runtime);
    this.add(renderNamespace(this.model, props.runtime));
  }

  /** Once there is a service with a schedule. @internal */
  addScheduleRights(): void {
    if (this.hasScheduleRights) return;
    this.hasScheduleRights = true;
    this.add(renderScheduleRights(this.model));
  }

  private add(manifests: readonly Manifest[]): void {
    for (const manifest of manifests) new ManifestObject(this, manifest.kind + suffix(manifest.metadata.name), manifest);
  }
}

/** By what it holds: two copies of this package may meet in one app. */
export const isPlatformNamespace = (value: unknown): boolean => value instanceof Construct && 'platformContext' in value && 'services' in value;

const expectedProps: Readonly<Record<string, Prop>> = {
  platform: { required: true, expected: 'the spec of a Platform', fits: anything },
  team: { required: true, expected: 'the name of a team', fits: isText },
  defaults: { required: false, expected: 'the spec of a Team', fits: anything },
  connections: { required: false, expected: 'an object of connections by name', fits: isFields },
  runtime: { required: true, expected: 'the text of the runtime', fits: isText },
};

/** Paths of the PlatformNamespaces of a chart, by namespace. */
const namespaces = new WeakMap<Chart, Map<string, string>>();

function namespacesOf(construct: Construct): Map<string, string> {
  const chart = Chart.of(construct);
  const known = namespaces.get(chart) ?? new Map<string, string>();
  namespaces.set(chart, known);
  return known;
}

/** Charts are not compared: an app may have one for each of its clusters. */
function secondNamespace(construct: Construct, namespace: string, what: string): readonly Diagnostic[] {
  const first = namespacesOf(construct).get(namespace);
  return first === undefined ? [] : [diagnose('construct/second-namespace', { file: what, path: ['team'] }, { namespace, first })];
}

const ownIds: ReadonlySet<string> = new Set([
  ...[listenerServiceAccount, scheduleServiceAccount, janitorName, viewersRole],
  ...Object.values(policyNames),
  `${policyNames.listener}-requests`,
]);

/** Kinds of which a namespace has several need an id of their own. */
const suffix = (name: string): string => (ownIds.has(name) ? name.slice(shared.length) : '');
