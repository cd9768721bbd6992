import type { DiagnosticCode } from '../diagnostics/catalogue.js';
import type { Diagnostic, Path, Place, Where } from '../diagnostics/diagnostic.js';
import { isHole, type Holes } from '../input/holes.js';
import { platformFile } from '../input/locate-kind.js';

/**
 * What a problem rests on besides the place it points at: fields that, had they been understood, might have made it none.
 * `*` is any item of a list or key of a map; where the problem names one, that one.
 */
interface Ground {
  /** Only if the problem points there, or below. */
  readonly at?: string;
  /** In a file that the problem points at. */
  readonly own?: readonly string[];
  readonly platform?: readonly string[];
}

const request = ['spec.triggers.webhook.enabled', 'spec.dataSource', 'spec.outputDestination'];
const teams: Ground = { platform: ['spec.teams.*.name'] };

const grounds: Partial<Record<DiagnosticCode, readonly Ground[]>> = {
  'resolve/unknown-team': [teams],
  'resolve/undeclared-team-folder': [teams],
  'resolve/shared-namespace': [{ own: ['spec.teams.*.namespace'] }],
  'resolve/secret-not-allowed': [{ platform: ['spec.teams.*.secrets.*'] }],
  'resolve/secret-store-not-allowed': [{ platform: ['spec.teams.*.secretStores.*'] }],
  'resolve/remote-key-not-allowed': [{ platform: ['spec.teams.*.secretStores.*.keys.*'] }],
  'resolve/identity-not-allowed': [{ platform: ['spec.teams.*.identities.*'] }],
  'resolve/secret-file-does-not-fit': [{ own: ['spec.access'], platform: ['spec.teams.*.namespace', 'spec.teams.*.name'] }],
  'resolve/endpoint-not-allowed': [{ platform: ['spec.teams.*.endpoints.*'] }],
  'resolve/missing-path': [
    { at: 'spec.dataSource', own: ['spec.dataSource.path'] },
    { at: 'spec.outputDestination', own: ['spec.outputDestination.path'] },
  ],
  // At a connection, these are about its defaultPath, because the reference seems to have none.
  'resolve/access-denied': [
    { at: 'spec.dataSource.connection', own: ['spec.dataSource.path'] },
    { at: 'spec.outputDestination.connection', own: ['spec.outputDestination.path'] },
  ],
  'check/file-as-data-source': [{ at: 'spec.dataSource.connection', own: ['spec.dataSource.path'] }],
  'check/reads-own-results': [{ own: ['spec.dataSource.path', 'spec.dataSource.include.*', 'spec.outputDestination.path'] }],
  'check/shared-destination': [{ own: ['spec.outputDestination.path', 'spec.outputDestination.layout'] }],
  'check/overlapping-schedules': [
    { own: ['spec.outputDestination.path', 'spec.outputDestination.layout', 'spec.dataSource.path', 'spec.params.*', 'spec.triggers.schedules.*'] },
  ],
  'check/destination-not-a-folder': [{ at: 'spec.outputDestination.connection', own: ['spec.outputDestination.path'] }],
  'check/invalid-path': [{ at: 'spec.outputDestination.connection', own: ['spec.outputDestination.path'] }],
  'resolve/unknown-node-pool': [{ platform: ['spec.nodePools.*.name'] }],
  'resolve/node-pool-not-allowed': [{ platform: ['spec.nodePools.*.teams.*'] }],
  'resolve/unknown-queue': [{ platform: ['spec.queues.*.name'] }],
  'resolve/queue-not-allowed': [{ platform: ['spec.queues.*.teams.*'] }],
  'resolve/unknown-caller': [{ platform: ['spec.webhook.callers.*.name'] }],
  'resolve/caller-not-allowed': [{ platform: ['spec.webhook.callers.*.services.*'] }],
  'resolve/caller-sends-events': [{ platform: ['spec.webhook.callers.*.sends', 'spec.webhook.callers.*.name'] }],
  'resolve/caller-sends-jobs': [{ platform: ['spec.webhook.callers.*.sends', 'spec.webhook.callers.*.name'] }],
  'resolve/event-leaves-open': [{ own: ['spec.dataSource', 'spec.outputDestination'] }],
  'resolve/store-without-events': [{ platform: ['spec.webhook.callers.*.sends'] }, { own: ['spec.type', 'spec.endpoint'] }],
  'check/arrival-loop': [{ own: ['spec.outputDestination.path', 'spec.dataSource.path'] }],
  'check/arrival-cycle': [{ own: ['spec.outputDestination.path', 'spec.dataSource.path'] }],
  'check/marker-is-input': [{ own: ['spec.dataSource.include.*'] }],
  'resolve/webhook-not-configured': [{ own: ['spec.triggers.webhook.enabled'], platform: ['spec.webhook'] }],
  'resolve/webhook-without-caller': [
    { own: ['spec.triggers.webhook.enabled', 'spec.triggers.webhook.callers.*'], platform: ['spec.webhook.callers.*.services.*'] },
    { platform: ['spec.webhook.callers.*.name'] },
  ],
  'resolve/missing-override': [
    { own: [...request, 'spec.triggers.webhook.overrides.dataSource.*', 'spec.triggers.webhook.overrides.outputDestination.*'] },
  ],
  'resolve/request-without-webhook': [{ own: request }],
  'resolve/duplicate-service-id': [{ own: ['spec.serviceId'] }],
  'check/registry-not-allowed': [{ platform: ['spec.teams.*.registries.*'] }],
  'check/image-without-digest': [{ platform: ['spec.requireDigests'] }],
  'check/mutable-image': [{ platform: ['spec.requireDigests'] }],
  'check/gpu-without-node-pool': [{ own: ['spec.nodePool'] }],
  'check/gpu-quota-without-pool': [{ own: ['spec.nodePools.*.teams.*', 'spec.teams.*.name'] }],
  'check/bound-below-own': [
    {
      own: [
        'spec.resources.requests.cpu',
        'spec.resources.requests.memory',
        'spec.resources.limits.cpu',
        'spec.resources.limits.memory',
        'spec.resources.limits.gpu',
      ],
    },
  ],
  'resolve/schedule-node-pool': [
    { own: ['spec.nodePool', 'spec.triggers.webhook.enabled', 'spec.triggers.webhook.overrides.nodePools.*'], platform: ['spec.nodePools.*.name'] },
  ],
  'check/schedule-resources': [{ own: ['spec.triggers.webhook.enabled', 'spec.triggers.webhook.overrides.resources'] }],
  'resolve/node-pool-shape': [{ own: ['spec.nodePool'], platform: ['spec.nodePools.*'] }],
  'check/limit-below-request': [{ own: ['spec.resources.requests.cpu', 'spec.resources.requests.memory'] }],
  'check/host-namespace': [{ own: ['spec.webhook.route.controller', 'spec.webhook.route.hostNamespace'] }],
  'check/no-body-limit': [{ own: ['spec.webhook.route.kind', 'spec.webhook.route.maxBody', 'spec.webhook.route.controller'] }],
  'check/quota-too-small': [{ platform: ['spec.webhook'] }],
  'check/tolerance-without-effect': [{ own: ['spec.validation.onInvalid'] }],
  'check/invalid-toleration': [{ own: ['spec.nodePools.*.tolerations.*.*'] }],
};

/** Problems without those that are about what was not understood (`holes`, by file), or only follow from it. */
export function withoutConsequences(problems: readonly Diagnostic[], holes: ReadonlyMap<string, Holes>): readonly Diagnostic[] {
  return holes.size === 0 ? problems : problems.filter((problem) => !isConsequence(problem, holes));
}

function isConsequence({ code, where, related }: Diagnostic, holes: ReadonlyMap<string, Holes>): boolean {
  const places = [where, ...related.map((each) => each.where)].filter(isPlace);
  if (places.some(({ file, path }) => isHole(path, holes.get(file) ?? []))) return true;
  return (grounds[code] ?? []).some(({ at, own = [], platform = [] }) => {
    if (at !== undefined && !`${places[0]?.path.join('.') ?? ''}.`.startsWith(`${at}.`)) return false;
    const inFile = (file: string, patterns: readonly string[]): boolean => {
      const paths = places.filter((place) => place.file === file).map(({ path }) => path);
      return (holes.get(file) ?? []).some((hole) => patterns.some((pattern) => isGround(hole, pattern.split('.'), paths)));
    };
    return inFile(platformFile, platform) || places.some(({ file }) => inFile(file, own));
  });
}

const isPlace = (where: Where | undefined): where is Place => where !== undefined && 'path' in where;

/** Whether the field of a pattern is, or lies in, a hole. `paths` are those that the problem names in the same file. */
function isGround(hole: Path, pattern: readonly string[], paths: readonly Path[]): boolean {
  return (
    hole.length <= pattern.length &&
    hole.every((step, index) => {
      if (pattern[index] !== '*') return pattern[index] === step;
      const named = paths.filter(
        (path) =>
          path.length > index && typeof path[index] === 'number' && pattern.slice(0, index).every((part, at) => part === '*' || part === path[at]),
      );
      return named.length === 0 || named.some((path) => path[index] === step);
    })
  );
}
