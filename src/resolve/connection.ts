import type { StepBackend } from '../contract/step-config.js';
import { connectionDefaults } from '../input/defaults.js';
import type { ConnectionSpec } from '../input/generated/types.js';
import type { SecretFile } from '../input/secret-file/secret-file.js';
import type { ConnectionModel } from '../model/model.js';
import { resolveCredentials } from './credentials.js';
import type { ConnectionDefinition } from './definition.js';
import { parseEndpoint } from './endpoint.js';

/** A connection as references find it. */
export interface Connection {
  readonly definition: ConnectionDefinition;
  readonly model: ConnectionModel;
  /** The files of its encrypted Secrets that are there. */
  readonly files: readonly SecretFile[];
}

/** A connection as services use it; `files` are those of its Secrets. */
export const resolveConnection = (definition: ConnectionDefinition, files: readonly SecretFile[] = []): Connection => ({
  definition,
  files,
  model: {
    name: definition.name,
    backend: backendOf(definition.spec),
    defaultPath: definition.spec.defaultPath,
    credentials: resolveCredentials(definition, files),
    proxy: definition.spec.proxy && { url: originOf(definition.spec.proxy.url), noProxy: definition.spec.proxy.noProxy ?? [] },
    place: definition.place,
  },
});

const originOf = (address: string): string => parseEndpoint(address)?.origin ?? address;

function backendOf(spec: ConnectionSpec): StepBackend {
  const { caBundle } = spec;
  const common = {
    ...(spec.endpoint === undefined ? {} : { endpoint: originOf(spec.endpoint) }),
    ...(caBundle ? { ca: { name: caBundle.configMap.name, key: caBundle.configMap.key ?? connectionDefaults.caBundleKey } } : {}),
  };
  switch (spec.type) {
    case 's3':
      return {
        type: 's3',
        bucket: spec.bucket,
        region: spec.region ?? connectionDefaults.region,
        ...common,
        pathStyle: spec.pathStyle ?? connectionDefaults.pathStyle,
        ...(spec.sse ? { sse: spec.sse } : {}),
        ...(spec.storageClass === undefined ? {} : { storageClass: spec.storageClass }),
        ...(spec.requesterPays === true ? { requesterPays: true } : {}),
      };
    case 'gcs':
      return {
        type: 'gcs',
        bucket: spec.bucket,
        ...(spec.projectNumber === undefined ? {} : { projectNumber: spec.projectNumber }),
        ...common,
        ...(spec.storageClass === undefined ? {} : { storageClass: spec.storageClass }),
        ...(spec.quotaProject === undefined ? {} : { quotaProject: spec.quotaProject }),
      };
    case 'azureblob':
      return {
        type: 'azureblob',
        account: spec.account,
        container: spec.container,
        ...common,
        ...(spec.tier === undefined ? {} : { tier: spec.tier }),
      };
  }
}
