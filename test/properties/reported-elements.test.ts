/** docs/security.md: reports of a job name no element of a tensor. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { profiles } from '../../src/oip/profile.js';
import { validate } from '../unit/oip/validate.js';

/** An element that no message would hold by accident, as text and as number. */
const text = 'Zq7-element-of-a-tensor';
const number = 918_273_645_463;
const elements = [
  JSON.stringify(text),
  String(number),
  `-${String(number)}.5`,
  `"${String(number)}"`,
  `{"${text}":1}`,
  `["${text}"]`,
  `${String(number)}e999`,
];
/** What is no JSON, each in a way of its own. */
const broken = [`"${text}`, `${String(number)}x`, `'${text}'`, `0${String(number)}`, `"\\q${text}"`];

it('no message of the validator holds an element of a tensor', () => {
  const datatype = fc.constantFrom('BYTES', 'INT8', 'INT64', 'UINT64', 'FP16', 'BF16', 'FP32', 'FP64', 'BOOL', 'NONE', text);
  const document = fc.record({
    datatype,
    shape: fc.constantFrom('[1]', '[2]', '[-1]', '[1.5]', '["1"]', `"${text}"`),
    data: fc.array(fc.constantFrom(...elements, ...broken, 'null', 'true'), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('request', 'response'),
      fc.constantFrom(...profiles),
      (tensors, direction, profile) => {
        const list = tensors.map(
          (each, index) => `{"name":"t${String(index)}","datatype":"${each.datatype}","shape":${each.shape},"data":[${each.data.join(',')}]}`,
        );
        const { violations, errors, warnings } = validate(
          `{"model_name":"m","${direction === 'request' ? 'inputs' : 'outputs'}":[${list.join(',')}]}`,
          {
            direction,
            profile,
          },
        );
        if (tensors.some(({ data }) => data.some((item) => broken.includes(item)))) expect(errors + warnings).toBeGreaterThan(0);
        const said = JSON.stringify(violations);
        for (const found of ['element-of', '918273', '273645']) expect(said).not.toContain(found);
      },
    ),
    { numRuns: 400 },
  );
});
