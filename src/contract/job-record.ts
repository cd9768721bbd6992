import type { StepConfig } from './step-config.js';

/** `control/job.json`: what configure-rclone resolved, for the later steps of our runtime. */
export interface JobRecord {
  readonly version: 1;
  readonly jobId: string;
  readonly requestId?: string;
  readonly caller?: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly service: StepConfig['service'];
  readonly model: StepConfig['model'] & { readonly uri: string };
  /** `uri` is for people and the manifest, for example `s3://raw-bucket/fraud/in/`. */
  readonly data: { readonly connection: string; readonly path: string; readonly uri: string; readonly allowEmpty: boolean };
  /** `path` with placeholders filled and the layout applied; always ends in `/`. */
  readonly output: { readonly connection: string; readonly path: string; readonly uri: string };
  readonly validation: StepConfig['validation'];
  readonly feedback: StepConfig['feedback'];
}

/** `control/failure.json`: the first failure of a run. Later ones are logged, never recorded over it. */
export interface Failure {
  readonly step: string;
  /** Exit code of the run. */
  readonly code: number;
  /** Code of the diagnostics catalogue, for `millrace explain`. */
  readonly reason: string;
  /** One plain sentence: what was found, and what to do. */
  readonly sentence: string;
}

/** One file of the input or the output. */
export interface FileRecord {
  /** Relative to the source or destination, `/` between parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What became of the feedback records of one direction. */
export interface FeedbackOutcome {
  /** The sink has confirmed them. */
  readonly delivered: number;
  readonly undelivered: number;
  /** Why not all were delivered. */
  readonly problem?: { readonly reason: string; readonly sentence: string };
}

/** `_MANIFEST.json` (and the body of `_FAILED.json`): what a run read and wrote. Its presence beside `_SUCCESS` marks completeness. */
export interface Manifest {
  readonly schema: 'millrace.dev/manifest/v1';
  readonly jobId: string;
  readonly requestId: string | null;
  readonly caller: string | null;
  readonly service: StepConfig['service'];
  readonly model: { readonly name: string; readonly version: string; readonly uri: string; readonly sha256: string | null };
  readonly input: { readonly uri: string; readonly files: readonly FileRecord[] };
  readonly output: { readonly uri: string; readonly files: readonly FileRecord[] };
  readonly counts: {
    /** Files named by the listing. */
    readonly listed: number;
    readonly valid: number;
    readonly invalid: number;
    /** Listed, but no `.json`: never handed to the predictor. */
    readonly ignored: number;
    readonly outputs: number;
  };
  readonly feedback: { readonly sink: string; readonly input: FeedbackOutcome; readonly output: FeedbackOutcome };
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Only in `_FAILED.json`. */
  readonly failure?: Failure;
}
