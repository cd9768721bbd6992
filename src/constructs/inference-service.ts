import { Construct } from 'constructs';
import { isFields } from '../base/fields.js';
import { assertInvariant } from '../base/assert.js';
import { checkDefinitions } from '../check/definitions.js';
import { checkResolvedService } from '../check/service.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec, InferenceServiceSpec } from '../input/generated/types.js';
import { validateName, validateSpec } from '../input/validate.js';
import type { Manifest } from '../manifests/manifest.js';
import { checkServiceLimits } from '../manifests/limits/service-limits.js';
import { identityServiceAccount } from '../manifests/names.js';
import { runAccount } from '../manifests/namespace.js';
import { renderSecret } from '../manifests/secrets.js';
import { renderService } from '../manifests/service.js';
import { connectionProblems } from '../resolve/connection-access.js';
import { identityNames, indexConnections } from '../resolve/connections.js';
import { noDefinitions, type TeamService } from '../resolve/definitions.js';
import { noSecretFiles, secretFileProblems } from '../resolve/secret-files.js';
import { secretsOf } from '../resolve/namespace-secrets.js';
import { duplicateServiceIds } from '../resolve/service-ids.js';
import { serviceModel } from '../resolve/service-model.js';
import { resolveService } from '../resolve/service.js';
import { DiagnosticsError } from './diagnostics-error.js';
import { ManifestObject } from './manifest-object.js';
import { connectionDefinitions } from './connections.js';
import { plainSpec, type WithNamed } from './named.js';
import { isPlatformNamespace, type PlatformNamespace } from './platform-namespace.js';
import { anything, isText, propsProblems, type Prop } from './props.js';
import { constructName, secretsInProps } from './secrets.js';

/** Props of an {@link InferenceService}. */
export interface InferenceServiceProps {
  /**
   * Name of the service: at most 25 characters, a DNS-1123 label without `--`.
   * @default - the construct's id
   */
  readonly name?: string;
  /** What the service is: the `spec` of an InferenceService definition. */
  readonly spec: InferenceServiceSpec;
  /** The namespace of its team, in which all its objects are. */
  readonly platform: PlatformNamespace;
  /**
   * The platform's connections that the service names, by name: each the `spec` of a Connection definition. As there, a
   * connection must list the team in its `access`. Objects with a `name`, such as a `Secret` of cdk8s-plus, may stand
   * for `secretRef`.
   * @default - none, for a service whose model is embedded and whose data a request names
   */
  readonly connections?: Readonly<Record<string, WithNamed<ConnectionSpec>>>;
}

/**
 * A batch inference service: its Task (the nine steps of a job), its TriggerTemplate and, with a webhook, its Trigger; a
 * CronJob for each schedule.
 *
 * It sees its own service only: that services share a destination or start each other (`check/shared-destination`,
 * `check/arrival-cycle`) is told by `millrace check`, of all that are written as definitions.
 *
 * ```ts
 * const risk = new PlatformNamespace(chart, 'risk', { platform, team: 'risk', runtime });
 * new InferenceService(chart, 'fraud-scorer', { platform: risk, connections: { raw, models, results }, spec });
 * ```
 *
 * @throws DiagnosticsError with everything that is wrong with the props
 */
export class InferenceService extends Construct {
  /** Name of the service, of its Task and of its Trigger. */
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const what = constructName('InferenceService', this.node.path);
    const propProblems = propsProblems(what, props, expectedProps);
    if (propProblems.length > 0) throw new DiagnosticsError(what, propProblems);
    const name = props.name ?? id;
    const secrets = secretsInProps(what, { name, spec: props.spec, connections: props.connections });
    if (secrets.length > 0) throw new DiagnosticsError(what, secrets);
    const place = { file: what, path: ['spec'] };
    const [spec, shapeProblems] = validateSpec('InferenceService', plainSpec(props.spec), place);
    const [connections, connectionShapes] = connectionDefinitions(what, props.connections ?? {});
    const early = [...shapeProblems, ...validateName('InferenceService', name, { file: what, path: ['name'] }), ...connectionShapes];
    if (!spec || hasErrors(early)) throw new DiagnosticsError(what, early);

    const { platformContext: platform, model, team } = props.platform;
    const declared = platform.teams.get(team);
    assertInvariant(declared, `${what}: the platform has no team ${team}`);
    const [index, duplicates] = indexConnections(connections, []);
    const definition = { name, spec, place, team };
    const [resolved, problems] = resolveService(definition, {
      platform,
      team: declared,
      model,
      defaults: props.platform.teamDefaults,
      defaultsBroken: false,
      connections: index,
    });
    const diagnostics: readonly Diagnostic[] = [
      ...early,
      ...duplicates,
      ...duplicateNames([...props.platform.services, definition]),
      ...duplicateServiceIds([...props.platform.services, definition]),
      ...index.all.flatMap((connection) => [...connectionProblems(connection, platform), ...secretFileProblems(connection, noSecretFiles, platform)]),
      ...problems,
      ...checkDefinitions({ ...noDefinitions, connections, services: [definition] }),
      ...checkResolvedService(resolved),
    ];
    if (hasErrors(diagnostics)) throw new DiagnosticsError(what, diagnostics);

    const service = serviceModel(resolved);
    const tooLarge = checkServiceLimits(service);
    if (tooLarge.length > 0) throw new DiagnosticsError(what, [...diagnostics, ...tooLarge]);

    props.platform.services.push(definition);
    this.serviceName = name;
    if (service.schedules.length > 0) props.platform.addScheduleRights();
    for (const identity of identityNames(resolved.connections)) addOnce(props.platform, runAccount(model, identityServiceAccount(identity)));
    for (const secret of secretsOf(resolved.connections, model.namespace)) addOnce(props.platform, renderSecret(secret, model.namespace));
    for (const manifest of renderService(service, props.platform.runtimeName)) new ManifestObject(this, idOf(name, manifest), manifest);
  }
}

/** A service has one object of each kind, but a CronJob for each schedule and a Trigger for each arrival: `CronJob--<schedule>`. */
const idOf = (service: string, { kind, metadata }: Manifest): string => kind + metadata.name.slice(service.length);

/** What the namespace has because some service needs it: one object for all that do. */
function addOnce(platform: PlatformNamespace, manifest: Manifest): void {
  const id = `${manifest.kind}-${manifest.metadata.name}`;
  if (!platform.node.tryFindChild(id)) new ManifestObject(platform, id, manifest);
}

const expectedProps: Readonly<Record<string, Prop>> = {
  name: { required: false, expected: 'text', fits: isText },
  spec: { required: true, expected: 'the spec of an InferenceService', fits: anything },
  platform: { required: true, expected: 'a PlatformNamespace', fits: isPlatformNamespace },
  connections: { required: false, expected: 'an object of connections by name', fits: isFields },
};

/** The last of these services, if another one has its name: both would be one Task. */
function duplicateNames(services: readonly TeamService[]): readonly Diagnostic[] {
  const last = services.at(-1);
  const other = services.slice(0, -1).find(({ name }) => name === last?.name);
  if (!last || !other) return [];
  const related = [{ message: 'first used here', where: other.place }];
  return [diagnose('resolve/duplicate-name', { ...last.place, path: ['name'] }, { kind: 'service', name: last.name }, { related })];
}
