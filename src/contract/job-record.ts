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
  /** Only of a service that declares any. */
  readonly params?: Readonly<Record<string, string>>;
  /** validate-input completes name and version where the service leaves them to the model. */
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

/** A file that is invalid and lies in the quarantine. */
export interface QuarantinedFile extends FileRecord {
  /** Where it lies, relative to the destination: `_quarantine/…`. */
  readonly quarantine: string;
}

/** Files that are neither input of the predictor nor results. */
export interface LeftOut<T extends FileRecord> {
  readonly total: number;
  /** The first of them; the report names all. */
  readonly files: readonly T[];
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
  /** What the predictor got as `MILLRACE_PARAM_<NAME>`; only of a service that declares any. */
  readonly params?: Readonly<Record<string, string>>;
  readonly model: {
    /** Null only in `_FAILED.json`, where the service leaves it to the model and the model could not be read. */
    readonly name: string | null;
    readonly version: string | null;
    readonly uri: string;
    readonly sha256: string | null;
  };
  readonly input: {
    readonly uri: string;
    /** The valid files: what the predictor gets. */
    readonly files: readonly FileRecord[];
    /** Invalid files, as {@link LeftOut.files}; `counts` has their number. */
    readonly quarantined: readonly QuarantinedFile[];
    readonly skipped: readonly FileRecord[];
  };
  readonly output: {
    readonly uri: string;
    /** The results: what is published besides the reports. */
    readonly files: readonly FileRecord[];
    readonly quarantined: readonly QuarantinedFile[];
  };
  readonly counts: {
    /** Files named by the listing. */
    readonly listed: number;
    readonly valid: number;
    /** Of the input; in quarantine, skipped or, with `onInvalid: fail`, neither. */
    readonly invalid: number;
    readonly quarantined: number;
    readonly skipped: number;
    /** Listed, but no `.json`: never handed to the predictor. */
    readonly ignored: number;
    readonly outputs: number;
    /** Files of the predictor that are no valid responses. */
    readonly invalidOutputs: number;
    readonly quarantinedOutputs: number;
  };
  readonly feedback: { readonly sink: string; readonly input: FeedbackOutcome; readonly output: FeedbackOutcome };
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Only in `_FAILED.json`. */
  readonly failure?: Failure;
}
