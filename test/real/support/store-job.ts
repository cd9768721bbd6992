/** The objects of a service whose data and results are one store, from models: also with addresses that no definition may name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderTask } from '../../../src/manifests/job/task.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { runtimeConfigMap, runtimeFiles } from '../../../src/manifests/names.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import type { ConnectionModel, ServiceModel } from '../../../src/model/model.js';
import { s3Connection, serviceModel } from '../../support/models.js';

const runtime = readFileSync(fileURLToPath(new URL('../../../lib/runtime.mjs', import.meta.url)), 'utf8');

/** Name of the connection: what the credentials of a run are given for. */
export const storeConnection = 'store';

export interface StoreService {
  readonly backend: ConnectionModel['backend'];
  /** Our names of the keys in its Secret. */
  readonly keys: readonly string[];
  /** JavaScript; reads the variables of the environment that predictors have. */
  readonly predictor: string;
  readonly changes?: Partial<ServiceModel>;
}

/** Reads `in/` and writes `out/<job id>/` of the store. */
export function objectsOfService({ backend, keys, predictor, changes = {} }: StoreService): readonly Manifest[] {
  const connection: ConnectionModel = {
    ...s3Connection(storeConnection),
    backend,
    credentials: { kind: 'secret', secretName: 's', keys: Object.fromEntries(keys.map((key) => [key, key])) },
  };
  const service: ServiceModel = {
    ...serviceModel,
    command: ['node', '-e'],
    args: [predictor],
    model: { kind: 'embedded', imagePath: '/opt/app/model', name: 'm', version: '1' },
    dataSource: { connection, path: 'in/' },
    outputDestination: { connection, path: 'out/{jobId}/' },
    webhook: undefined,
    connections: [connection],
    ...changes,
  };
  const name = runtimeConfigMap(runtime);
  const { namespace } = service.namespace;
  return [
    renderTask(service, name),
    renderTriggerTemplate(service),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: runtimeFiles(runtime) },
  ];
}
