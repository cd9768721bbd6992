import { files } from '../contract/paths.js';
import { wholeBucket } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import { at } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';
import { surelyTakes } from './own-results.js';
import { isSameStore } from './store.js';

/** What every job publishes under these names. */
const published: readonly string[] = [files.success, files.manifest, files.failed];

/** Results that are themselves an arrival: each job would start the next one, without end. */
export const checkArrivalLoop = ({ definition, events, outputDestination }: ResolvedService): readonly Diagnostic[] =>
  events.flatMap(({ event, place, connection, prefix }) => {
    const marker = event.marker ?? serviceDefaults.marker;
    if (!outputDestination || !published.includes(marker) || !isSameStore(connection, outputDestination.connection)) return [];
    const { path } = outputDestination;
    if (prefix !== wholeBucket && !path.startsWith(prefix)) return [];
    const where = event.dataSource ? at(place, 'dataSource', 'prefix') : at(place, 'name');
    const field = definition.spec.outputDestination?.path === undefined ? 'connection' : 'path';
    const related = [{ message: 'the results go here', where: at(definition.place, 'outputDestination', field) }];
    return [diagnose('check/arrival-loop', where, { marker, prefix, destination: path }, { related })];
  });

/** A marker that the job takes for one of its input files. */
export const checkMarkerIsInput = ({ definition, events }: ResolvedService): readonly Diagnostic[] =>
  events.flatMap(({ event, place }) => {
    const marker = event.marker ?? serviceDefaults.marker;
    const include = definition.spec.dataSource?.include ?? serviceDefaults.include;
    const pattern = include.find((each) => surelyTakes(each, marker));
    return pattern === undefined
      ? []
      : [diagnose('check/marker-is-input', at(place, event.marker === undefined ? 'name' : 'marker'), { marker, pattern })];
  });
