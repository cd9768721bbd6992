import { modelFormOf } from './model-source.js';
import type { ServiceDefinition } from './definition.js';
import type { FilledService, Sourced } from './service-defaults.js';

/** A volume of a job that a service sizes, and how often a job has one of that size. */
export interface SizedVolume {
  readonly name: 'data' | 'model' | 'output' | 'tmp';
  readonly size: Sourced<string>;
  readonly times: number;
}

/**
 * What a job takes of a team's storage. A model that is an archive lies there packed and unpacked, an embedded one not at
 * all; the output lies there once as the predictor wrote it and once as it is published. What our own steps need beside
 * it (records, reports) is not the service's to size and does not count; shared memory counts as memory.
 */
export function sizedVolumes({ spec }: ServiceDefinition, { storage }: FilledService): readonly SizedVolume[] {
  const { modelSource } = spec;
  const models = 'imagePath' in modelSource ? 0 : modelFormOf(modelSource.path) === 'directory' ? 1 : 2;
  const volumes: readonly SizedVolume[] = [
    { name: 'data', size: storage.data, times: 1 },
    { name: 'model', size: storage.model, times: models },
    { name: 'output', size: storage.output, times: 2 },
    { name: 'tmp', size: storage.tmp, times: 1 },
  ];
  return volumes.filter(({ times }) => times > 0);
}
