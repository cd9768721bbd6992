import { isFolder } from '../base/object-path.js';
import type { ModelForm } from '../contract/step-config.js';

const archives: readonly (readonly [ending: string, form: ModelForm])[] = [
  ['.zip', 'zip'],
  ['.tar.gz', 'tar.gz'],
  ['.tgz', 'tar.gz'],
  ['.tar', 'tar'],
];

/** Endings that a path of a model may have, for people. */
export const modelEndings = ['/', ...archives.map(([ending]) => ending)] as const;

/** What lies at a path, told by its ending; undefined: neither a folder nor an archive that we unpack. */
export const modelFormOf = (path: string): ModelForm | undefined =>
  isFolder(path) ? 'directory' : archives.find(([ending]) => path.endsWith(ending) && !path.endsWith(`/${ending}`))?.[1];
