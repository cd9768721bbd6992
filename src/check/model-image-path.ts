import { mountPaths } from '../contract/paths.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** Folders that a job mounts over, or that are no part of an image. */
const hidden = ['/mnt/job', '/var/run', '/run', mountPaths.runtime, mountPaths.tmp, '/dev', '/proc', '/sys', '/tekton', '/workspace'];

/** A model inside the image must be there when the predictor runs: an absolute path that nothing is mounted over. */
export function checkModelImagePath({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  const { modelSource } = spec;
  if (!('imagePath' in modelSource)) return [];
  const path = modelSource.imagePath;
  const found = problemOf(path);
  return found ? [diagnose('check/model-image-path', at(place, 'modelSource', 'imagePath'), { path, ...found })] : [];
}

function problemOf(path: string): { readonly problem: string; readonly hint: string } | undefined {
  if (!path.startsWith('/')) return { problem: 'is no absolute path', hint: 'give the path inside the image, for example /opt/app/model' };
  if (/\/(\.{0,2})(\/|$)/.test(path.replace(/\/$/, '')))
    return { problem: 'holds an empty part, "." or ".."', hint: 'write the path as it is in the image' };
  if (path.endsWith('/')) return { problem: 'ends in "/"', hint: path === '/' ? 'the whole image is no model' : `write ${path.slice(0, -1)}` };
  const over = hidden.find((folder) => path === folder || path.startsWith(`${folder}/`));
  return over === undefined
    ? undefined
    : { problem: `lies under ${over}, which the job mounts over`, hint: 'put the model elsewhere in the image, for example under /opt/app' };
}
