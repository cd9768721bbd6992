import { constant } from '../../base/constant.js';
import { addQuantity, formatQuantity, parseQuantity, type Quantity } from '../../base/quantity.js';
import { assertInvariant } from '../../base/assert.js';
import { sinkFiles, type SinkSource } from '../../contract/feedback.js';
import type { ConnectionModel, ServiceModel } from '../../model/model.js';
import { storeAccess } from './store-access.js';

/** Enough for the files of our own steps; they hold names, digests and short records, never data. */
const sizes = { rcloneConfig: '4Mi', control: '16Mi', report: '1Gi', helperTmp: '256Mi', unused: '1Mi' } as const;

type Volume = Readonly<Record<string, unknown>> & { readonly name: string };

/** What a service needs beside its data: the size of each of its volumes that counts as ephemeral storage. */
export function ephemeralStorage(service: ServiceModel): string {
  const disk = [sizes.control, reportSize(service), sizes.helperTmp, service.storage.tmp];
  if (service.storage.class === undefined) disk.push(...dataVolumeSizes(service).map(({ size }) => size));
  return formatQuantity(disk.map(quantity).reduce(addQuantity));
}

/**
 * Records that are kept beside the results and hold the text of every file. Escaped, JSON is up to twice as long: `"`, `\` and the
 * ends of lines. Only control characters become up to six times as long (`jsonLine`); room for volumes full of those is not
 * taken from every predictor's node.
 */
function reportSize({ namespace, feedback, storage }: ServiceModel): string {
  if (namespace.feedbackSink.sink !== 'objectStorage' || feedback.payload.kind !== 'inline') return sizes.report;
  const { input, output } = feedback;
  const texts = [...(input ? [storage.data, storage.data] : []), ...(output ? [storage.output, storage.output] : [])];
  return formatQuantity([sizes.report, ...texts].map(quantity).reduce(addQuantity));
}

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  assertInvariant(parsed !== undefined, `${text} is no quantity`);
  return parsed;
}

/** The volumes that hold what users store, in the size that the service gives. */
function dataVolumeSizes({ storage, model }: ServiceModel): readonly { readonly name: string; readonly size: string }[] {
  const archive = model.kind === 'remote' && model.form !== 'directory';
  return [
    { name: 'data', size: storage.data },
    { name: 'model', size: model.kind === 'remote' ? storage.model : sizes.unused },
    { name: 'model-raw', size: archive ? storage.model : sizes.unused },
    { name: 'output', size: storage.output },
    { name: 'publish', size: storage.output },
  ];
}

/** All volumes of the Task, those of credentials among them. */
export function renderVolumes(service: ServiceModel, runtimeConfigMap: string): readonly Volume[] {
  const { storage, connections } = service;
  const credentials = connections.flatMap(credentialSource);
  return [
    { name: 'runtime', configMap: { name: runtimeConfigMap } },
    ...(credentials.length > 0 ? [{ name: 'credentials', projected: { defaultMode: 0o440, sources: credentials } }] : []),
    ...storeAccess(service).volumes,
    ...sinkVolume(service),
    rcloneConfig,
    ...dataVolumeSizes(service).map(({ name, size }) => ({ name, ...storageFor(size, storage.class) })),
    emptyDir('report', reportSize(service)),
    control,
    emptyDir('tmp', storage.tmp),
    helperTmp,
    ...(storage.shm === undefined ? [] : [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: storage.shm } }]),
  ];
}

const emptyDir = (name: string, sizeLimit: string): Volume => ({ name, emptyDir: { sizeLimit } });

const rcloneConfig = constant({ name: 'rclone-config', emptyDir: { medium: 'Memory', sizeLimit: sizes.rcloneConfig } });
const control = constant(emptyDir('control', sizes.control));
const helperTmp = constant(emptyDir('helper-tmp', sizes.helperTmp));

const storageFor = (size: string, storageClass: string | undefined): Readonly<Record<string, unknown>> =>
  storageClass === undefined
    ? { emptyDir: { sizeLimit: size } }
    : {
        ephemeral: {
          volumeClaimTemplate: {
            metadata: {},
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, storageClassName: storageClass },
          },
        },
      };

/**
 * Only the keys that are needed, each as `<connection>/<our key>`. Optional, because a Secret that is missing would
 * otherwise leave the pod in ContainerCreating until the timeout; configure-rclone says which one it is.
 */
function credentialSource({ name, credentials }: ConnectionModel): readonly Record<string, unknown>[] {
  if (credentials.kind !== 'secret') return [];
  const items = Object.entries(credentials.keys).map(([ours, theirs]) => ({ key: theirs, path: `${name}/${ours}` }));
  return [{ secret: { name: credentials.secretName, optional: true, items } }];
}

/** Whether the steps that send records need a file for it. */
export const hasSinkFiles = (service: ServiceModel): boolean => sinkSources(service).length > 0;

/** Optional for the same reason; the step that sends the records says what is missing. */
function sinkVolume(service: ServiceModel): readonly Volume[] {
  const sources = sinkSources(service).map(([path, { kind, name, key }]) => ({
    [kind === 'Secret' ? 'secret' : 'configMap']: { name, optional: true, items: [{ key, path }] },
  }));
  return sources.length > 0 ? [{ name: 'sink', projected: { defaultMode: 0o440, sources } }] : [];
}

function sinkSources({ namespace, feedback }: ServiceModel): readonly (readonly [string, SinkSource])[] {
  const sink = namespace.feedbackSink;
  if (!('delivery' in sink) || !(feedback.input || feedback.output)) return [];
  return [...(sink.secret ? [[sinkFiles.secret, sink.secret] as const] : []), ...(sink.ca ? [[sinkFiles.ca, sink.ca] as const] : [])];
}
