import { isFolder } from '../base/object-path.js';
import { decodeJson, type Decoded } from './decode.js';
import { stepConfig } from './step-config-fields.js';
import type { StepConfig } from './step-config.js';

/**
 * Reads what the compiler wrote into the Task (`MILLRACE_CONFIG`). Closed: a Task that was edited by hand, or that a
 * newer compiler wrote, is refused with the field that differs.
 */
export function parseStepConfig(json: string): Decoded<StepConfig> {
  const decoded = decodeJson(stepConfig, json);
  const problem = decoded.value && inconsistency(decoded.value);
  return problem === undefined ? decoded : { problem };
}

/** What no field shows alone. */
function inconsistency({ connections, data, output, model }: StepConfig): string | undefined {
  for (const [field, { allowed }] of [['data', data] as const, ['output', output] as const]) {
    const index = allowed.findIndex(({ connection }) => !Object.hasOwn(connections, connection));
    if (index >= 0) return `${field}.allowed[${String(index)}].connection is not one of the connections`;
  }
  const twice = twoIdentities(connections);
  if (twice !== undefined) return twice;
  if (model.kind === 'embedded') return undefined;
  if (!Object.hasOwn(connections, model.connection)) return 'model.connection is not one of the connections';
  if (isFolder(model.path) !== (model.form === 'directory')) return 'model.path must end in "/" for a directory, and only then';
  return undefined;
}

/** What a cloud's library finds in the environment or on the machine is the same for all connections. */
function twoIdentities(connections: StepConfig['connections']): string | undefined {
  const first = new Map<string, { readonly name: string; readonly identity: string }>();
  for (const [name, { type, credentials }] of Object.entries(connections)) {
    if (credentials.kind === 'anonymous' || credentials.kind === 'secret') continue;
    const identity = JSON.stringify(credentials);
    const other = first.get(type);
    if (other && other.identity !== identity)
      return `connections.${name}.credentials is another identity than that of ${other.name}: a job has one for each kind of store`;
    first.set(type, other ?? { name, identity });
  }
  return undefined;
}
