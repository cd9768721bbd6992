import { checkData } from './data.js';
import { datatypeNames, findDatatype } from './datatype.js';
import { required, type JsonObject } from './members.js';
import { checkParameters } from './parameters.js';
import { checkShape } from './shape.js';
import type { Collector, Path } from './violation.js';

/** An input of a request or an output of a response; returns its name. */
export function checkTensor(tensor: JsonObject, at: Path, collector: Collector): string | undefined {
  const name = required(tensor, 'name', 'string', at, collector);
  const shape = required(tensor, 'shape', 'array', at, collector);
  const datatypeName = required(tensor, 'datatype', 'string', at, collector);
  checkParameters(tensor, at, collector);
  const data = required(tensor, 'data', 'array', at, collector);

  const datatype = datatypeName === undefined ? undefined : findDatatype(datatypeName);
  if (datatypeName !== undefined && datatype === undefined) {
    collector.add('E-DATATYPE', [...at, 'datatype'], `not a datatype; there are ${datatypeNames.join(', ')}`);
  }
  const dimensions = shape && checkShape(shape, [...at, 'shape'], collector);
  if (data) checkData(data, { shape: dimensions, datatype, datatypeName: datatypeName ?? '' }, [...at, 'data'], collector);
  return name;
}
