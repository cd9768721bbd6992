/** What the janitor of a namespace is told: the compiler writes it into its CronJob. */
import { decodeJson, fields, integer, oneOf, type Decoded, type Decoder } from './decode.js';
import { dnsLabel } from './step-config-fields.js';

export interface JanitorConfig {
  readonly version: 1;
  readonly namespace: string;
  /** When finished runs are deleted; absent: that is left to others. */
  readonly finished?: {
    /** Seconds since a run finished. */
    readonly ttlSeconds: number;
    /** The last runs of each service stay, however old they are. */
    readonly keepLast: number;
  };
  /** Seconds for which a step's container must have been dead. In a run that is well, later steps end within seconds of it. */
  readonly hungSeconds: number;
  /**
   * Seconds. A runtime is removed only if it is older, and if no Task and no CronJob has changed for as long: a sync that makes a
   * new runtime, or goes back to an old one, may be under way.
   */
  readonly quietSeconds: number;
}

const year = 366 * 24 * 3600;

const janitorConfig: Decoder<JanitorConfig> = fields(
  { version: oneOf(1), namespace: dnsLabel, hungSeconds: integer(0, year), quietSeconds: integer(0, year) },
  { finished: fields({ ttlSeconds: integer(0, 1_000_000_000), keepLast: integer(0, 10_000) }) },
);

/** What the CronJob was given, or where it differs from what the compiler writes. */
export const parseJanitorConfig = (json: string): Decoded<JanitorConfig> => decodeJson(janitorConfig, json);

/** Label of a run, and of all that is made for one service: the service's name. */
export const serviceLabel = 'millrace.dev/service';

/** Names of the ConfigMaps that hold a runtime, in any text. */
export const runtimeNames = /millrace-runtime-[0-9a-f]{10}(?![-0-9a-z.])/g;
