import { jsonType } from './datatype.js';
import { createNameCheck, isObject, objectsOf, optional, required } from './members.js';
import { checkParameters } from './parameters.js';
import { checkTensor } from './tensor.js';
import { createCollector, type Verdict } from './violation.js';

/**
 * Checks the value of a JSON document against the inference request of the Open Inference Protocol V2, profile `spec`:
 * what its text requires, nothing converted. Unknown members are allowed, and `null` where a member may be missing.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function validateRequest(value: unknown): Verdict {
  const collector = createCollector();
  if (!isObject(value)) {
    collector.add('E-NOT-OBJECT', [], `an inference request must be an object; found ${jsonType(value)}`);
    return collector.verdict();
  }
  optional(value, 'id', 'string', [], collector);
  checkParameters(value, [], collector);

  const inputs = required(value, 'inputs', 'array', [], collector);
  if (inputs?.length === 0) collector.add('E-EMPTY-INPUTS', ['inputs'], 'a request needs at least one input');
  const checkInputName = createNameCheck(collector);
  for (const [input, at] of objectsOf(inputs ?? [], ['inputs'], collector)) checkInputName(checkTensor(input, at, collector), at);

  const outputs = optional(value, 'outputs', 'array', [], collector);
  const checkOutputName = createNameCheck(collector);
  for (const [output, at] of objectsOf(outputs ?? [], ['outputs'], collector)) {
    checkOutputName(required(output, 'name', 'string', at, collector), at);
    checkParameters(output, at, collector);
  }
  return collector.verdict();
}
