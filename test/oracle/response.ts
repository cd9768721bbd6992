import { jsonType } from './datatype.js';
import { createNameCheck, isObject, objectsOf, optional, required } from './members.js';
import { checkParameters } from './parameters.js';
import { checkTensor } from './tensor.js';
import { createCollector, type Verdict } from './violation.js';

/** The same for the inference response. */
export function validateResponse(value: unknown): Verdict {
  const collector = createCollector();
  if (!isObject(value)) {
    collector.add('E-NOT-OBJECT', [], `an inference response must be an object; found ${jsonType(value)}`);
    return collector.verdict();
  }
  required(value, 'model_name', 'string', [], collector);
  optional(value, 'model_version', 'string', [], collector);
  optional(value, 'id', 'string', [], collector);
  checkParameters(value, [], collector);
  const outputs = required(value, 'outputs', 'array', [], collector);
  const checkName = createNameCheck(collector);
  for (const [output, at] of objectsOf(outputs ?? [], ['outputs'], collector)) checkName(checkTensor(output, at, collector), at);
  return collector.verdict();
}
