import type { Path, Place } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import type { InferenceServiceSpec, TeamSpec } from '../input/generated/types.js';
import type { Profile } from '../oip/profile.js';
import type { Coercion, Framing } from '../oip/settings.js';
import type { ServiceDefinition, TeamDefinition } from './definition.js';
import { at } from './place.js';

/** A value with the place it came from: the service's field, the team's, or, for a default of ours, the service's spec. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: 'service' | 'team' | 'default';
  readonly place: Place;
}

/** A service with its team's values and ours where it says nothing itself, still as their authors wrote them. */
export interface FilledService {
  readonly owner: string | undefined;
  readonly nodePool: Sourced<string> | undefined;
  readonly queue: Sourced<string> | undefined;
  readonly feedback: {
    readonly input: boolean;
    readonly output: boolean;
    readonly payload: 'reference' | 'inline';
    readonly inlineLimit: Sourced<string>;
  };
  readonly validation: {
    readonly profile: Profile;
    readonly framing: Framing;
    readonly coercion: Coercion;
    readonly onInvalid: Sourced<'fail' | 'quarantine' | 'skip'>;
    readonly maxInvalidFiles: Sourced<number> | undefined;
    readonly maxInvalidRatio: Sourced<number> | undefined;
    readonly outputOnInvalid: 'fail' | 'quarantine';
  };
  readonly timeouts: { readonly predictor: Sourced<string>; readonly sync: Sourced<string>; readonly wait: Sourced<string> };
  readonly transfers: {
    readonly parallel: number;
    readonly bandwidth: string | undefined;
    readonly retries: number;
    readonly connectTimeout: string;
    readonly idleTimeout: string;
  };
  readonly storage: {
    readonly data: Sourced<string>;
    readonly model: Sourced<string>;
    readonly output: Sourced<string>;
    readonly tmp: Sourced<string>;
    readonly shm: Sourced<string> | undefined;
    readonly class: string | undefined;
  };
  readonly resources: {
    readonly requests: { readonly cpu: Sourced<string>; readonly memory: Sourced<string> };
    readonly limits: { readonly cpu: Sourced<string> | undefined; readonly memory: Sourced<string>; readonly gpu: Sourced<number> };
  };
  readonly labels: Readonly<Record<string, string>>;
}

/** What a service and its team may both say. */
type Layer = Pick<InferenceServiceSpec & TeamSpec, keyof InferenceServiceSpec & keyof TeamSpec>;

/** Every value that has a default, with where it came from: the service, its team or ourselves. */
export function fillDefaults(service: ServiceDefinition, team: TeamDefinition | undefined): FilledService {
  const maybe = <T>(path: Path, read: (layer: Layer) => T | undefined): Sourced<T> | undefined => {
    const own = read(service.spec);
    if (own !== undefined) return { value: own, from: 'service', place: at(service.place, ...path) };
    const shared = team && read(team.spec);
    return team && shared !== undefined ? { value: shared, from: 'team', place: at(team.place, ...path) } : undefined;
  };
  const ours = <T>(value: T): Sourced<T> => ({ value, from: 'default', place: { ...service.place, target: 'key' } });
  const text = (fallback: string, path: Path, read: (layer: Layer) => string | undefined): Sourced<string> => maybe(path, read) ?? ours(fallback);
  const flag = (fallback: boolean, read: (layer: Layer) => boolean | undefined): boolean => (maybe([], read) ?? ours(fallback)).value;

  const { timeout, timeouts, validation, storage, transfers, feedback } = serviceDefaults;
  return {
    owner: maybe(['owner'], (layer) => layer.owner)?.value,
    nodePool: maybe(['nodePool'], (layer) => layer.nodePool),
    queue: maybe(['queue'], (layer) => layer.queue),
    feedback: {
      input: flag(feedback.input, (layer) => layer.feedback?.input),
      output: flag(feedback.output, (layer) => layer.feedback?.output),
      payload: (maybe([], (layer) => layer.feedback?.payload) ?? ours(feedback.payload)).value,
      inlineLimit: text(feedback.inlineLimit, ['feedback', 'inlineLimit'], (layer) => layer.feedback?.inlineLimit),
    },
    validation: {
      profile: (maybe([], (layer) => layer.validation?.profile) ?? ours(validation.profile)).value,
      framing: (maybe([], (layer) => layer.validation?.framing) ?? ours(validation.framing)).value,
      coercion: (maybe([], (layer) => layer.validation?.coercion) ?? ours(validation.coercion)).value,
      onInvalid: maybe(['validation', 'onInvalid'], (layer) => layer.validation?.onInvalid) ?? ours(validation.onInvalid),
      maxInvalidFiles: maybe(['validation', 'maxInvalidFiles'], (layer) => layer.validation?.maxInvalidFiles),
      maxInvalidRatio: maybe(['validation', 'maxInvalidRatio'], (layer) => layer.validation?.maxInvalidRatio),
      outputOnInvalid: (maybe([], (layer) => layer.validation?.output?.onInvalid) ?? ours(validation.outputOnInvalid)).value,
    },
    timeouts: {
      predictor: text(timeout, ['timeout'], (layer) => layer.timeout),
      sync: text(timeouts.sync, ['timeouts', 'sync'], (layer) => layer.timeouts?.sync),
      wait: text(timeouts.wait, ['timeouts', 'wait'], (layer) => layer.timeouts?.wait),
    },
    transfers: {
      parallel: (maybe([], (layer) => layer.transfers?.parallel) ?? ours(transfers.parallel)).value,
      // A service's `null` takes back what its team says.
      bandwidth: maybe([], (layer) => layer.transfers?.bandwidth)?.value ?? undefined,
      retries: (maybe([], (layer) => layer.transfers?.retries) ?? ours(transfers.retries)).value,
      connectTimeout: text(transfers.connectTimeout, [], (layer) => layer.transfers?.connectTimeout).value,
      idleTimeout: text(transfers.idleTimeout, [], (layer) => layer.transfers?.idleTimeout).value,
    },
    storage: {
      data: text(storage.data, ['storage', 'data'], (layer) => layer.storage?.data),
      model: text(storage.model, ['storage', 'model'], (layer) => layer.storage?.model),
      output: text(storage.output, ['storage', 'output'], (layer) => layer.storage?.output),
      tmp: text(storage.tmp, ['storage', 'tmp'], (layer) => layer.storage?.tmp),
      shm: maybe(['storage', 'shm'], (layer) => layer.storage?.shm),
      // A service's `null` takes back what its team says.
      class: maybe(['storage', 'class'], (layer) => layer.storage?.class)?.value ?? undefined,
    },
    resources: fillResources(service, ours),
    labels: team?.spec.labels ?? {},
  };
}

/** Memory is limited to what is requested and requested up to the limit, unless both are given; nothing limits the CPU by itself. */
function fillResources({ spec, place }: ServiceDefinition, ours: <T>(value: T) => Sourced<T>): FilledService['resources'] {
  const { requests, limits } = spec.resources ?? {};
  const own = <T>(value: T | undefined, ...path: Path): Sourced<T> | undefined =>
    value === undefined ? undefined : { value, from: 'service', place: at(place, 'resources', ...path) };
  const requestedMemory = own(requests?.memory, 'requests', 'memory');
  const limitedMemory = own(limits?.memory, 'limits', 'memory');
  const memory = requestedMemory ?? limitedMemory ?? ours(serviceDefaults.resources.requests.memory);
  return {
    requests: { cpu: own(requests?.cpu, 'requests', 'cpu') ?? ours(serviceDefaults.resources.requests.cpu), memory },
    limits: {
      cpu: own(limits?.cpu, 'limits', 'cpu'),
      memory: limitedMemory ?? memory,
      gpu: own(limits?.gpu, 'limits', 'gpu') ?? ours(serviceDefaults.resources.gpu),
    },
  };
}
