import { files } from '../contract/paths.js';
import { wholeBucket } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import { at } from '../resolve/place.js';
import type { ResolvedArrival } from '../resolve/events.js';
import type { ResolvedService } from '../resolve/service.js';
import { surelyTakes } from './own-results.js';
import { destinationPlace } from './destination.js';
import { isSameStore } from './store.js';

/** What every job publishes under these names. */
const published: readonly string[] = [files.success, files.manifest, files.failed];

/** The object that starts a job by its arrival. */
const markerOf = ({ event }: ResolvedArrival): string => event.marker ?? serviceDefaults.marker;

/** Whether results of a job can be the arrival: every job writes such an object. */
export const isStartedByResults = (arrival: ResolvedArrival): boolean => published.includes(markerOf(arrival));

/** Where it is written what arrives. */
export const arrivalPlace = ({ event, place }: ResolvedArrival): Place => (event.dataSource ? at(place, 'dataSource', 'prefix') : at(place, 'name'));

/** Results that are themselves an arrival: each job would start the next one, without end. */
export const checkArrivalLoop = ({ definition, events, outputDestination }: ResolvedService): readonly Diagnostic[] =>
  events.flatMap((arrival) => {
    const { connection, prefix } = arrival;
    if (!outputDestination || !isStartedByResults(arrival) || !isSameStore(connection, outputDestination.connection)) return [];
    const { path } = outputDestination;
    if (prefix !== wholeBucket && !path.startsWith(prefix)) return [];
    const related = [{ message: 'the results go here', where: destinationPlace(definition) }];
    return [diagnose('check/arrival-loop', arrivalPlace(arrival), { marker: markerOf(arrival), prefix, destination: path }, { related })];
  });

/** A marker that the job takes for one of its input files. */
export const checkMarkerIsInput = ({ definition, events }: ResolvedService): readonly Diagnostic[] =>
  events.flatMap((arrival) => {
    const { event, place } = arrival;
    const marker = markerOf(arrival);
    const include = definition.spec.dataSource?.include ?? serviceDefaults.include;
    const pattern = include.find((each) => surelyTakes(each, marker));
    return pattern === undefined
      ? []
      : [diagnose('check/marker-is-input', at(place, event.marker === undefined ? 'name' : 'marker'), { marker, pattern })];
  });
