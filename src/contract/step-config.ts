import type { Profile } from '../oip/profile.js';
import type { Coercion, Framing } from '../oip/settings.js';
import type { Feedback } from './feedback.js';
import type { StepConnection } from './step-connection.js';

export type { StepBackend, StepConnection } from './step-connection.js';

/**
 * What the compiler tells the runtime: it travels in the Task, as one environment value of configure-rclone,
 * because Tekton copies the Task into the run and whatever else the run needs may be changed meanwhile.
 *
 * The runtime checks it again on arrival (`parseStepConfig`), so a Task that was edited by hand fails clearly.
 */
export interface StepConfig {
  readonly version: 1;
  readonly service: {
    readonly name: string;
    readonly id: string;
    readonly team: string;
    readonly namespace: string;
    readonly image: string;
    readonly owner?: string;
  };
  /** Every connection that a run of this service may use, by name. */
  readonly connections: Readonly<Record<string, StepConnection>>;
  /** The HTTP proxy of all transfers; `noProxy` as libraries of Go read it. */
  readonly proxy?: { readonly url: string; readonly noProxy: readonly string[] };
  /** Name to pattern of every param that a run has. */
  readonly params?: Readonly<Record<string, string>>;
  readonly model: StepModel;
  readonly data: {
    /** Where the data may come from, besides the default itself: the service's own source and the declared overrides. */
    readonly allowed: readonly AllowedPrefix[];
    /** rclone filter patterns, at least one. */
    readonly include: readonly string[];
    readonly allowEmpty: boolean;
  };
  readonly output: {
    readonly allowed: readonly AllowedPrefix[];
    readonly layout: 'exact' | 'perJob';
  };
  readonly validation: {
    readonly profile: Profile;
    readonly framing: Framing;
    readonly coercion: Coercion;
    readonly onInvalid: 'fail' | 'quarantine' | 'skip';
    /** More invalid input files than these, or a larger share of those that are checked, fail the run; absent: no limit. */
    readonly maxInvalidFiles?: number;
    readonly maxInvalidRatio?: number;
    readonly output: { readonly onInvalid: 'fail' | 'quarantine' };
  };
  readonly feedback: Feedback;
}

/** As a prefix: the whole bucket or container. */
export const wholeBucket = '/';

/** A path is allowed if it is `prefix`, if it starts with it where `prefix` ends in `/`, or if `prefix` is {@link wholeBucket}. */
export interface AllowedPrefix {
  readonly connection: string;
  readonly prefix: string;
}

export type StepModel =
  | {
      readonly kind: 'remote';
      readonly connection: string;
      readonly path: string;
      readonly form: ModelForm;
      /** Absent: what the model itself says. */
      readonly name?: string;
      readonly version?: string;
      readonly sha256?: string;
    }
  | { readonly kind: 'embedded'; readonly imagePath: string; readonly name: string; readonly version: string };

export type ModelForm = 'directory' | 'zip' | 'tar.gz' | 'tar';
