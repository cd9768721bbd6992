import { isFolder } from '../../src/base/object-path.js';
import type { StepBackend } from '../../src/contract/step-config.js';

/** The bucket or container. */
export const bucketOf = (backend: StepBackend): string => (backend.type === 'azureblob' ? backend.container : backend.bucket);

/** For people and for the manifest: `s3://bucket/path`, `gs://bucket/path`, `azblob://account/container/path`. */
export function uriOf(backend: StepBackend, path: string): string {
  switch (backend.type) {
    case 's3':
      return `s3://${backend.bucket}/${path}`;
    case 'gcs':
      return `gs://${backend.bucket}/${path}`;
    case 'azureblob':
      return `azblob://${backend.account}/${backend.container}/${path}`;
  }
}

/** A path as the folder that an alias of rclone can name, and the one file in it, if it is no folder. */
export function splitPath(path: string): { readonly folder: string; readonly file: string | undefined } {
  if (isFolder(path)) return { folder: path, file: undefined };
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, slash + 1), file: path.slice(slash + 1) };
}
