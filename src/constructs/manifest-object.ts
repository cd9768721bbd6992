import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../manifests/manifest.js';

/** An ApiObject of a manifest of ours. The manifest itself is frozen; what cdk8s adds (labels of the chart) shows in `toJson()`. */
export class ManifestObject extends ApiObject {
  /** The object as `millrace synth` would emit it. */
  readonly manifest: Manifest;

  constructor(scope: Construct, id: string, manifest: Manifest) {
    super(scope, id, structuredClone(manifest));
    this.manifest = deepFreeze(manifest);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
