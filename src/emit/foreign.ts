import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/**
 * What a GitOps engine reads in a folder: manifests, and the files that say how it reads the others (a Kustomization, in
 * any of its spellings, and Flux's `.sourceignore`). More than any one engine does, since which one will is not known for
 * sure. What ends in `/` is a folder whose name is no UTF-8, so nobody knows what is in it.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/directory/
 */
const isRead = (path: string): boolean => /\.(?:ya?ml|json|jsonnet)$|(?:^|\/)(?:kustomization|\.sourceignore)$|\/$/i.test(path);

/** A file in the output folder that is not ours; `refuse` makes it an error if it would be applied with ours. */
export const reportForeign = (path: string, refuse: boolean): Diagnostic =>
  diagnose(refuse && isRead(path) ? 'emit/foreign-manifest' : 'emit/foreign-file', undefined, { path });
