import {
  literalNull,
  literalTrue,
  noWhole,
  readData,
  readParts,
  readSkip,
  wholeRequest,
  wholeResponse,
  wholeTensor,
  type JsonHandler,
  type Reading,
} from '../json/json-handler.js';
import type { JsonLimits } from '../json/json-limits.js';
import type { NameKey } from '../json/name-hash.js';
import { createNameSet } from '../json/name-set.js';
import { nameIsKnown, nameIsNew, noRoomForName } from '../json/name-stack.js';
import { fractional, integral } from '../json/number-class.js';
import { isSame } from './datatype.js';
import { createExpectations, createFactsCollector, type FindFacts, type TakeFacts } from './expectations.js';
import { itemOf, kindWords, type Context, type Direction, type JsonKind } from './members.js';
import { createOpenValues, type OpenValue } from './open-values.js';
import { createParameters } from './parameters.js';
import type { Report } from './report.js';
import type { Tensor } from './tensor.js';

export interface ReaderParts {
  readonly direction: Direction;
  /** Whether the file is an array of documents. */
  readonly isArray: boolean;
  readonly limits: JsonLimits;
  readonly nameKey: NameKey;
  /** Of a `NameSet`, where an accelerator adds names too. */
  readonly nameMemory?: Int32Array | undefined;
  readonly report: Report;
  readonly tensor: Tensor;
  /** `null` stands for an absent member, also for one that must be there. */
  readonly nullIsAbsent: boolean;
  /** What is known of the requests that responses answer. */
  readonly request?: FindFacts | undefined;
  /** Is told what requests ask for. */
  readonly facts?: TakeFacts | undefined;
}

export interface DocumentReader extends JsonHandler {
  /** A new document begins, or the array of all, at a place of the file, from 0. */
  begin(place: number): void;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (bytes: Uint8Array, start: number, end: number): string => decoder.decode(bytes.subarray(start, end));

/** The rules for requests and responses: what their members are, which must be there, and that tensors have different names. */
export function createDocumentReader(parts: ReaderParts): DocumentReader {
  const { direction, isArray, limits, report, tensor, nullIsAbsent } = parts;
  const names = createNameSet(limits.tensors, parts.nameKey, parts.nameMemory);
  const parameters = createParameters(report);
  const expectations = parts.request && createExpectations(report);
  const facts = parts.facts && createFactsCollector();
  const wholeDocument = direction === 'request' ? wholeRequest : wholeResponse;
  const open = createOpenValues();
  /** Of the document that is being read, in its file. */
  let place = 0;

  const wrongKind = (wanted: string, kind: JsonKind, subject: string): undefined => {
    report.add('E-TYPE', () => `${subject} must be ${wanted}; found ${kindWords(kind)}`);
    return undefined;
  };
  const acceptMember = ({ member, isRepeated }: OpenValue, kind: JsonKind): Context | undefined => {
    if (member === undefined || isRepeated) return undefined;
    if (kind === member.kind) return member.opens;
    const { name } = member;
    if (name === 'shape') tensor.shape.spoil();
    if (kind !== 'null' || (member.isRequired && !nullIsAbsent)) {
      if (name === 'id') expectations?.wrongId();
      return wrongKind(kindWords(member.kind), kind, `"${name}"`);
    }
    report.add('W-NULL-OPTIONAL', () => `"${name}" is null, which some servers refuse; leave it out`);
    return undefined;
  };
  /** What a value opens, where it is what belongs there; undefined where it is only checked as JSON. */
  const accept = (kind: JsonKind, isTrue = false): Context | undefined => {
    const top = open.top();
    top.items += 1;
    switch (top.context) {
      case 'root': {
        if (kind === (isArray ? 'array' : 'object')) return isArray ? 'documents' : direction;
        const words = isArray ? `a file of ${direction}s must be an array` : `an inference ${direction} must be an object`;
        report.add('E-NOT-OBJECT', () => `${words}; found ${kindWords(kind)}`);
        return undefined;
      }
      case 'documents':
        if (kind === 'object') return direction;
        report.add('E-NOT-OBJECT', () => `an inference ${direction} must be an object; found ${kindWords(kind)}`);
        return undefined;
      case 'tensors':
      case 'requestedOutputs':
        return kind === 'object' ? itemOf(top.context) : wrongKind('an object', kind, 'an item');
      case 'shape':
        if (kind !== 'integer') {
          tensor.shape.spoil();
          wrongKind('an integer', kind, 'a dimension');
        }
        return undefined;
      case 'parameters':
        if (!top.isRepeated) parameters.value(kind, isTrue);
        return undefined;
      default:
        return acceptMember(top, kind);
    }
  };

  const push = (context: Context = 'skipped'): Reading => {
    const { offset, line } = report.now();
    if (open.top().context === 'documents') place = open.top().items - 1;
    open.push(context, offset, line);
    switch (context) {
      case 'skipped':
        return readSkip;
      case 'data':
        tensor.beginData();
        return readData;
      case 'tensor':
        tensor.begin();
        return readParts;
      case 'shape':
        tensor.shape.begin();
        return readParts;
      case 'tensors':
      case 'requestedOutputs':
        names.clear();
        if (context === 'requestedOutputs') facts?.outputs();
        return readParts;
      case 'request':
        facts?.begin();
        return readParts;
      case 'response':
        expectations?.begin(parts.request?.(place));
        return readParts;
      default:
        return readParts;
    }
  };

  const checkMissing = ({ members, seen, offset, line }: OpenValue): void => {
    for (const { name, isRequired, bit } of members) {
      if (isRequired && (seen & bit) === 0) report.add('E-MISSING', () => `"${name}" is missing`, { ...report.now(), offset, line });
    }
  };
  const checkEmpty = ({ context, items, offset, line }: OpenValue): void => {
    if (items > 0 || direction !== 'request' || (context !== 'tensors' && context !== 'documents')) return;
    const words = context === 'documents' ? 'the array holds no request' : 'a request needs at least one input';
    report.add('E-EMPTY-INPUTS', () => words, { ...report.now(), offset, line });
  };
  const nameTensor = (bytes: Uint8Array, start: number, end: number): ReturnType<typeof names.add> => {
    const added = names.add(bytes, start, end);
    if (added === nameIsKnown) report.add('E-DUP-TENSOR', () => 'an earlier tensor of this list has the same name');
    else if (added === noRoomForName) report.add('E-LIMIT', () => `there are more than ${String(limits.tensors)} tensors in a list`);
    return added;
  };

  return {
    begin: (next) => {
      place = next;
      open.clear();
    },
    object: () => push(accept('object')),
    array: () => push(accept('array')),
    endObject: () => {
      const closed = open.pop();
      checkMissing(closed);
      if (closed.context === 'tensor') tensor.end();
      else if (closed.context === 'response') expectations?.end({ ...report.now(), offset: closed.offset, line: closed.line });
      else if (closed.context === 'request' && facts) parts.facts?.(facts.facts(), place);
    },
    endArray: () => {
      checkEmpty(open.pop());
    },
    key: (bytes, start, end) => {
      const top = open.top();
      top.isRepeated = false;
      if (top.context === 'parameters') {
        parameters.key(bytes, start, end);
        return;
      }
      top.member = top.members.find((each) => isSame(each.bytes, bytes, start, end));
      if (top.member) top.seen |= top.member.bit;
      else report.add('W-UNKNOWN-MEMBER', () => 'the protocol has no member of this name');
    },
    repeatedKey: () => {
      open.top().isRepeated = true;
      report.add('E-DUPKEY', () => 'an object has the same key twice');
    },
    string: () => {
      const { member, isRepeated } = open.top();
      accept('string');
      return member?.kind === 'string' && !isRepeated;
    },
    text: (bytes, start, end) => {
      const { context, member } = open.top();
      if (member?.name === 'name') {
        const added = nameTensor(bytes, start, end);
        if (context === 'tensor') {
          if (expectations?.wantsOutputs() === true) expectations.output(decode(bytes, start, end));
        }
        // No more than there is room for, so that the memory stays the same.
        else if (added === nameIsNew) facts?.output(decode(bytes, start, end));
      } else if (member?.name === 'datatype') tensor.datatype(bytes, start, end);
      else if (member?.name === 'id') (expectations ?? facts)?.id(decode(bytes, start, end));
    },
    number: (numberClass, bytes, start, end) => {
      const isInteger = (numberClass & (integral | fractional)) === 0;
      const isDimension = open.top().context === 'shape';
      accept(isInteger ? 'integer' : 'number');
      if (isDimension && isInteger) tensor.dimension(numberClass, bytes, start, end);
    },
    literal: (literal) => {
      accept(literal === literalNull ? 'null' : 'boolean', literal === literalTrue);
    },
    whole: () => {
      switch (open.top().context) {
        case 'tensors':
          // Where names of outputs matter, each must be told.
          return expectations?.wantsOutputs() === true ? noWhole : wholeTensor;
        case 'documents':
          return wholeDocument;
        default:
          return open.top().context === 'root' && !isArray ? wholeDocument : noWhole;
      }
    },
    takesMany: expectations === undefined && facts === undefined,
    tensors: (count) => {
      open.top().items += count;
    },
    documents: (count, bytes, start, end) => {
      const top = open.top();
      if (top.context === 'documents') place = top.items;
      const id = facts || expectations ? (end > 0 ? decode(bytes, start, end) : undefined) : undefined;
      const asked = parts.request?.(place);
      if (asked?.outputs || (asked?.id !== undefined && asked.id !== id)) return false;
      top.items += count;
      if (facts && direction === 'request') {
        facts.begin();
        if (id !== undefined) facts.id(id);
        parts.facts?.(facts.facts(), place);
      }
      return true;
    },
    element: tensor.element,
  };
}
