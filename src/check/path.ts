import { fillDates, furthestDays, isDatePlaceholder } from '../base/date-placeholder.js';
import { checkObjectPath, isFolder, objectPathMaxLength, placeholderNames, type ObjectPathProblem, type Placeholder } from '../base/object-path.js';
import { codePointName } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place, Related } from '../diagnostics/diagnostic.js';
import { filledMaxLength, jobFolderMaxLength, placeholderMaxLength } from '../contract/filled-path.js';
import { wholeBucket } from '../contract/step-config.js';
import type { Connection } from '../resolve/connection.js';
import type { ConnectionDefinition, ServiceDefinition } from '../resolve/definition.js';
import { modelEndings, modelFormOf } from '../resolve/model-source.js';
import { at } from '../resolve/place.js';
import { someDate, type Reference } from '../resolve/references.js';
import type { ResolvedSchedule } from '../resolve/schedules.js';
import type { ResolvedService } from '../resolve/service.js';
import type { Site } from './check.js';

/** The form of `defaultPath` and of the prefixes of `access`. */
export const checkConnectionPaths = ({ spec, place }: ConnectionDefinition): readonly Diagnostic[] => [
  ...(spec.defaultPath === undefined ? [] : checkPath({ text: spec.defaultPath, place: at(place, 'defaultPath') })),
  ...(spec.access ?? []).flatMap(({ prefixes }, index) =>
    (prefixes ?? []).flatMap((text, position) => checkPrefix({ text, place: at(place, 'access', index, 'prefixes', position) })),
  ),
];

/** Paths as a service writes them: of its model, its data, its results and its overrides. */
export function checkServicePaths({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  const { modelSource, dataSource, outputDestination, triggers } = spec;
  const overrides = triggers?.webhook?.overrides;
  return [
    ...('imagePath' in modelSource ? [] : checkModelPath({ text: modelSource.path, place: at(place, 'modelSource', 'path') })),
    ...(dataSource?.path === undefined ? [] : checkPath({ text: dataSource.path, place: at(place, 'dataSource', 'path') })),
    ...(outputDestination?.path === undefined
      ? []
      : checkPath({ text: outputDestination.path, place: at(place, 'outputDestination', 'path') }, placeholderNames)),
    ...(['dataSource', 'outputDestination'] as const).flatMap((field) =>
      (overrides?.[field] ?? []).flatMap(({ prefix: text }, index) => {
        const site = { text, place: at(place, 'triggers', 'webhook', 'overrides', field, index, 'prefix') };
        return field === 'outputDestination' && outputDestination?.layout === 'perJob' ? checkPerJobPrefix(site) : checkPrefix(site);
      }),
    ),
    ...(triggers?.events ?? []).flatMap(({ dataSource: arrival }, index) =>
      arrival ? checkPrefix({ text: arrival.prefix, place: at(place, 'triggers', 'events', index, 'dataSource', 'prefix') }) : [],
    ),
  ];
}

/** The paths in the requests of schedules, which may have dates. */
export const checkSchedulePaths = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ request }, index) =>
    (['dataSource', 'outputDestination'] as const).flatMap((field) => {
      const text = request?.[field]?.path;
      if (text === undefined) return [];
      const site = { text, place: at(place, 'triggers', 'schedules', index, 'request', field, 'path') };
      return checkPath(site, field === 'outputDestination' ? placeholderNames : [], { dates: true });
    }),
  );

/** What is asked of the service's own references, of those that schedules give instead. */
export const checkScheduleReferences = ({ definition, schedules }: ResolvedService): readonly Diagnostic[] =>
  schedules.flatMap((each) => [
    ...(each.schedule.request?.dataSource ? dataSourceProblems(each.dataSource, scheduleSite(each, 'dataSource')) : []),
    ...(each.schedule.request?.outputDestination
      ? destinationProblems(definition, each.outputDestination, scheduleSite(each, 'outputDestination'))
      : []),
  ]);

interface PathSite {
  readonly where: Place;
  readonly related: readonly Related[];
}

const scheduleSite = ({ place }: ResolvedSchedule, field: Field): PathSite => ({ where: at(place, 'request', field, 'path'), related: [] });

type Field = 'dataSource' | 'outputDestination';

/** The path may be the connection's defaultPath, so this needs the reference itself. */
export const checkDataSource = ({ definition, dataSource }: ResolvedService): readonly Diagnostic[] =>
  dataSource ? dataSourceProblems(dataSource, pathSite(definition, 'dataSource', dataSource.connection)) : [];

/** The path may be the connection's defaultPath, so this needs the reference itself. */
export const checkDestination = ({ definition, outputDestination }: ResolvedService): readonly Diagnostic[] =>
  outputDestination
    ? destinationProblems(definition, outputDestination, pathSite(definition, 'outputDestination', outputDestination.connection))
    : [];

/** A folder without its `/` would be looked for as a file. */
function dataSourceProblems(reference: Reference | undefined, { where, related }: PathSite): readonly Diagnostic[] {
  if (!reference || checkObjectPath(fillDates(reference.path, someDate))) return [];
  const { path } = reference;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isFolder(path) || name.includes('.')) return [];
  return [diagnose('check/file-as-data-source', where, { path }, { related })];
}

function destinationProblems(definition: ServiceDefinition, reference: Reference | undefined, { where, related }: PathSite): readonly Diagnostic[] {
  if (!reference || checkObjectPath(fillDates(reference.path, someDate), placeholderNames)) return [];
  const { path } = reference;
  // Results are several files.
  if (!isFolder(path)) return [diagnose('check/destination-not-a-folder', where, { path }, { related })];
  const additions = additionsTo(path, definition.spec.outputDestination?.layout);
  const length = filledMaxLength(fillDates(path, someDate)) + additions.folder;
  if (length <= objectPathMaxLength) return [];
  const problem = `becomes up to ${length} characters long when a run starts`;
  const hint = `at most ${objectPathMaxLength} are allowed, of which ${additions.text}`;
  return [diagnose('check/invalid-path', where, { path, problem, hint }, { related })];
}

/** Where a path is written: the reference's own, or the connection's. */
function pathSite({ spec, place }: ServiceDefinition, field: Field, { definition }: Connection): PathSite {
  if (spec[field]?.path !== undefined) return { where: at(place, field, 'path'), related: [] };
  return { where: at(place, field, 'connection'), related: [{ message: 'the path comes from here', where: at(definition.place, 'defaultPath') }] };
}

/** What a run makes longer than it is written, in words, and what the layout adds. */
function additionsTo(path: string, layout: 'exact' | 'perJob' | undefined): { readonly text: string; readonly folder: number } {
  const placeholders = placeholderNames
    .filter((name) => path.includes(`{${name}}`))
    .map((name) => `{${name}} may take ${placeholderMaxLength[name]}`);
  const folder = layout === 'perJob' ? jobFolderMaxLength : 0;
  return { text: [...placeholders, ...(folder ? [`the folder of layout: perJob may take ${folder}`] : [])].join(' and '), folder };
}

function checkModelPath(site: Site): readonly Diagnostic[] {
  const problems = checkPath(site);
  if (problems.length > 0 || modelFormOf(site.text)) return problems;
  return [diagnose('check/model-form', site.place, { path: site.text, endings: modelEndings })];
}

function checkPrefix(site: Site): readonly Diagnostic[] {
  if (site.text === wholeBucket) return [];
  const problems = checkPath(site);
  return problems.length > 0 || isFolder(site.text) ? problems : [diagnose('check/prefix-not-a-folder', site.place, { prefix: site.text })];
}

/** A request below a longer prefix would be refused, whatever it says: the folder of the job must fit as well. */
function checkPerJobPrefix(site: Site): readonly Diagnostic[] {
  const problems = checkPrefix(site);
  const longest = objectPathMaxLength - jobFolderMaxLength;
  if (problems.length > 0 || site.text.length <= longest) return problems;
  const problem = `has ${site.text.length} characters, and no request could choose it`;
  const hint = `at most ${longest} are allowed: the folder of layout: perJob may take ${jobFolderMaxLength} of ${objectPathMaxLength}`;
  return [diagnose('check/invalid-path', site.place, { path: site.text, problem, hint })];
}

function checkPath({ text, place }: Site, placeholders: readonly Placeholder[] = [], { dates = false } = {}): readonly Diagnostic[] {
  const unknown = [...text.matchAll(/\{[^{}]*\}/g)]
    .map(([placeholder]) => placeholder)
    .filter((found) => !placeholders.some((name) => found === `{${name}}`) && !(dates && isDatePlaceholder(found)));
  if (unknown.length > 0) return [...new Set(unknown)].map((placeholder) => unknownPlaceholder(placeholder, place, placeholders, dates));
  const filled = dates ? fillDates(text, someDate) : text;
  const problem = checkObjectPath(filled, placeholders);
  return problem ? [diagnose('check/invalid-path', place, { path: text, ...explain(problem, filled) })] : [];
}

function unknownPlaceholder(placeholder: string, place: Place, filled: readonly Placeholder[], dates: boolean): Diagnostic {
  const names = filled.map((name) => `{${name}}`).join(' and ');
  if (dates) {
    const days = `{date} is the day for which the job starts, {date-1d} the day before, up to {date-${furthestDays}d}`;
    return diagnose('check/unknown-placeholder', place, { placeholder, hint: filled.length > 0 ? `${days}; ${names} are filled, too` : days });
  }
  const isDate = /^\{date(-[0-9]+d)?\}$/.test(placeholder);
  const here = filled.length > 0 ? `${names} are` : 'only an outputDestination has placeholders, {jobId} and {requestId}';
  const hint = isDate
    ? 'a run has no date of its own: {date} belongs in the request of a schedule, a caller gives the path with its date'
    : filled.length > 0
      ? `${here} filled when a run starts`
      : here;
  return diagnose('check/unknown-placeholder', place, { placeholder, hint });
}

function explain({ problem, index }: ObjectPathProblem, text: string): { readonly problem: string; readonly hint: string | undefined } {
  switch (problem) {
    case 'empty':
      return { problem: 'is empty', hint: undefined };
    case 'dot-dot':
      return { problem: 'holds ".."', hint: 'paths count from the root of the bucket or container, and never lead upwards' };
    case 'colon':
      return { problem: 'holds ":"', hint: 'give the path only: the store is the connection' };
    case 'leading-dash':
      return { problem: 'has a part that begins with "-"', hint: 'a tool could take it for an option' };
    case 'leading-slash':
      return { problem: 'begins with "/"', hint: text === '/' ? 'name a folder of the bucket' : `write ${text.replace(/^\/+/, '')}` };
    case 'empty-part':
      return { problem: 'holds "//"', hint: 'one "/" between two parts' };
    case 'character':
      return {
        problem: `holds ${index === undefined ? 'a character' : nameOfCharacter(text, index)}, which is not allowed there`,
        hint: 'a part is letters, digits and . _ = + @ ~ -, and begins with a letter, a digit or _',
      };
    case 'too-long':
      return { problem: `has ${text.length} characters`, hint: `at most ${objectPathMaxLength} are allowed` };
  }
}

/** Of what looks like another letter, only its number tells it apart. */
function nameOfCharacter(text: string, index: number): string {
  const quoted = JSON.stringify(String.fromCodePoint(text.codePointAt(index) ?? 0));
  return /^[ -~]*$/.test(quoted) ? quoted : `${quoted} (${codePointName(text, index)})`;
}
