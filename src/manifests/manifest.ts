/** A plain Kubernetes object, as it is emitted. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** Metadata as we emit it: no field that a server fills. */
export interface ObjectMeta {
  readonly name: string;
  /** Only on the TaskRun inside a TriggerTemplate. */
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
