import { formatDuration, goDuration, parseDuration } from '../base/duration.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { at } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';
import type { FilledService } from '../resolve/service-defaults.js';
import { isKnown } from './known.js';
import { runTimeoutSeconds, stepTimeouts } from '../resolve/step-timeouts.js';

/** The run's timeout is not what a service writes but the sum of all its steps' and its wait: the ceiling is for that. */
export function checkRunTimeout(resolved: ResolvedService): readonly Diagnostic[] {
  const { definition, filled, context } = resolved;
  const limit = context.team.value.ceilings?.timeout;
  const ceiling = limit === undefined ? undefined : parseDuration(limit);
  const { timeouts } = filled;
  const [predictor, sync, wait] = [timeouts.predictor, timeouts.sync, timeouts.wait].map(({ value }) => parseDuration(value));
  if (limit === undefined || ceiling === undefined || predictor === undefined || sync === undefined || wait === undefined) return [];
  const seconds = runTimeoutSeconds({ predictor, sync, wait });
  if (seconds <= ceiling) return [];
  const paths = { predictor: ['timeout'], sync: ['timeouts', 'sync'], wait: ['timeouts', 'wait'] };
  const known = (part: keyof typeof paths, value: number): number => (isKnown(timeouts[part], paths[part], resolved) ? value : 0);
  // What is not known may be as short as it likes.
  if (runTimeoutSeconds({ predictor: known('predictor', predictor), sync: known('sync', sync), wait: known('wait', wait) }) <= ceiling) return [];
  const related = [{ message: 'the ceiling', where: at(context.team.place, 'ceilings', 'timeout') }];
  const ours = Object.values(stepTimeouts({ predictor: 0, sync: 0, wait: 0 })).reduce((sum, each) => sum + each, 0);
  const sum = `timeout ${timeouts.predictor.value} + timeouts.sync 3 x ${timeouts.sync.value} + timeouts.wait ${timeouts.wait.value}`;
  return [
    diagnose(
      'check/run-timeout',
      placeOf(timeouts, { ...definition.place, target: 'key' }),
      {
        // A sum is seldom whole hours, and no one writes it: hours and minutes are easier to read.
        timeout: goDuration(seconds).replace(/(?<=m)0s$/, ''),
        ceiling: formatDuration(ceiling),
        team: context.model.team,
        hint: `it is the sum of ${sum} + ${formatDuration(ours)} for our own steps`,
      },
      { related },
    ),
  ];
}

/** Where to look first: the longest time that somebody wrote, a transfer three times. */
function placeOf({ predictor, sync, wait }: FilledService['timeouts'], otherwise: Place): Place {
  const parts = [
    { part: predictor, times: 1 },
    { part: sync, times: 3 },
    { part: wait, times: 1 },
  ].filter(({ part }) => part.from !== 'default');
  const length = ({ part, times }: (typeof parts)[number]): number => (parseDuration(part.value) ?? 0) * times;
  return parts.sort((a, b) => length(b) - length(a))[0]?.part.place ?? otherwise;
}
