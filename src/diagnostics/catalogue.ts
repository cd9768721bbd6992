import { clusterCatalogue } from './catalogue/cluster.js';
import { constructCatalogue } from './catalogue/construct.js';
import { doctorCatalogue } from './catalogue/doctor.js';
import { emitCatalogue } from './catalogue/emit.js';
import { jobCatalogue } from './catalogue/job.js';
import { inputCatalogue } from './catalogue/input.js';
import { resolveCatalogue } from './catalogue/resolve.js';
import { checkCatalogue } from './catalogue/check.js';
import { manifestsCatalogue } from './catalogue/manifests.js';
import { odahuCatalogue } from './catalogue/odahu.js';
import { runCatalogue } from './catalogue/run.js';
import { simulateCatalogue } from './catalogue/simulate.js';
import { sourceCatalogue } from './catalogue/source.js';
import { validateCatalogue } from './catalogue/validate.js';
import type { CatalogueEntry } from './define.js';

/**
 * Every problem a user can cause, by code: `<stage>/<what is wrong>`. A code is never reused for another meaning.
 * Each has a page in `docs/diagnostics/`, a failing case and a raise; `test/catalogue.test.ts` keeps that.
 */
export const catalogue = {
  ...sourceCatalogue,
  ...inputCatalogue,
  ...resolveCatalogue,
  ...checkCatalogue,
  ...manifestsCatalogue,
  ...constructCatalogue,
  ...emitCatalogue,
  ...runCatalogue,
  ...simulateCatalogue,
  ...validateCatalogue,
  ...odahuCatalogue,
  ...clusterCatalogue,
  ...jobCatalogue,
  ...doctorCatalogue,
};

export type DiagnosticCode = keyof typeof catalogue;
export type ArgumentsOf<C extends DiagnosticCode> = (typeof catalogue)[C] extends CatalogueEntry<infer A> ? A : never;
