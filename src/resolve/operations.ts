import { parseDuration } from '../base/duration.js';
import { platformDefaults } from '../input/defaults.js';
import type { PlatformSpec } from '../input/generated/types.js';
import type { NamespaceModel } from '../model/model.js';

const defaults = platformDefaults.cleanup;

/** What a Platform says of cleaning up, with its defaults. A time that is none is reported by a check. */
export function resolveCleanup({ cleanup }: PlatformSpec): NamespaceModel['cleanup'] {
  return {
    engine: cleanup?.engine ?? defaults.engine,
    ttlSeconds: parseDuration(cleanup?.ttl ?? defaults.ttl) ?? 0,
    keepLast: cleanup?.keepLast ?? defaults.keepLast,
  };
}

/** Labels of the PrometheusRule; undefined: there is none. */
export const resolveAlerts = ({ metrics }: PlatformSpec): NamespaceModel['alerts'] =>
  metrics?.prometheusRule && { labels: metrics.prometheusRule.labels ?? {} };
