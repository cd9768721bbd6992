/** Resolving and checking in one step, for a definition that is given in code rather than in a file. */
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import type { ServiceModel } from '../model/model.js';
import { connectionProblems } from '../resolve/connection.js';
import { indexConnections } from '../resolve/connections.js';
import type { ConnectionDefinition, PlatformDefinition, ServiceDefinition, TeamDefinition } from '../resolve/definition.js';
import { resolveNamespace, type NamespaceContext } from '../resolve/namespace.js';
import { at } from '../resolve/place.js';
import { resolvePlatform } from '../resolve/platform.js';
import { resolveService } from '../resolve/service.js';
import { serviceModel } from '../resolve/service-model.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { checkConnection, checkPlatform, checkTeam } from './others.js';
import { checkResolvedService, checkServiceDefinition } from './service.js';

const [noConnections] = indexConnections([], []);

/** The namespace of a team, still without connections; see {@link withConnections}. */
export function checkedNamespace(definition: PlatformDefinition, team: string, defaults?: TeamDefinition): Result<NamespaceContext> {
  const [platform, problems] = resolvePlatform(definition);
  const diagnostics = [...problems, ...checkPlatform(definition), ...(defaults ? checkTeam(defaults) : [])];
  const declared = platform.teams.get(team);
  if (!declared) {
    const unknown = diagnose('resolve/unknown-team', at(definition.place, 'teams'), { team, known: [...platform.teams.keys()] });
    return [undefined, [...diagnostics, unknown]];
  }
  const model = resolveNamespace(platform, declared);
  return [{ platform, team: declared, model, defaults, defaultsBroken: false, connections: noConnections }, diagnostics];
}

/** The same namespace with the connections that its services may refer to. */
export function withConnections(context: NamespaceContext, definitions: readonly ConnectionDefinition[]): Result<NamespaceContext> {
  const [connections, duplicates] = indexConnections(definitions, []);
  const diagnostics = definitions.flatMap((definition) => [...connectionProblems(definition, context.platform), ...checkConnection(definition)]);
  return [{ ...context, connections }, [...duplicates, ...diagnostics]];
}

/** The model of one service. `context` must be without errors. */
export function checkedService(definition: ServiceDefinition, context: NamespaceContext): Result<ServiceModel> {
  const [resolved, problems] = resolveService(definition, context);
  const diagnostics: readonly Diagnostic[] = [...checkServiceDefinition(definition), ...problems, ...checkResolvedService(resolved)];
  return [hasErrors(diagnostics) ? undefined : serviceModel(resolved), diagnostics];
}
