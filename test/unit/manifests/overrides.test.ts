/** What a request may change beside the data and the results, where the service says so. */
import { describe, expect, it } from 'vitest';
import { trusting } from '../../../src/engine/triggers/cel.js';
import { explainRefusal } from '../../../src/engine/triggers/explain.js';
import type { JsonObject } from '../../../src/engine/triggers/request.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import { serviceModel, withParams } from '../../support/models.js';
import { filterOf, jobBody, passes, runValuesOf, webhookUrl } from '../../support/requests.js';

/** Why a request is refused, in words. */
function refusal(service: ServiceModel, spec: Readonly<Record<string, unknown>>): string | undefined {
  const variables = { body: jobBody(spec) as JsonObject, header: {}, extensions: {}, requestURL: webhookUrl };
  return explainRefusal(filterOf(service), variables, trusting)?.sentence;
}

/** Each value in the place of a right one. */
const hostile: readonly unknown[] = [
  null,
  true,
  0,
  1e300,
  [],
  ['a'],
  {},
  { a: 'b' },
  '',
  ' ',
  '$(uid)',
  '$(params.dataPath)',
  '${HOME}',
  '..',
  '-rf',
  ':sftp:',
  'a"b',
  'a\\b',
  'a\n',
  '\u0000',
  '\u00e9',
  '\uff10',
  '\u202e',
  'a'.repeat(5000),
  '9'.repeat(5000),
];

describe('params', () => {
  const service = withParams(serviceModel, { threshold: ['0.5', '^0\\.[0-9]{1,4}$'], mode: ['low', '^(low|high|)$'], note: ["it's", '^.*$'] });

  it('get what the request gives, and their defaults otherwise', () => {
    expect(passes(service, jobBody({}))).toBe(true);
    expect(runValuesOf(service, {})).toMatchObject({ param_threshold: '0.5', param_mode: 'low', param_note: "it's" });
    const params = { threshold: '0.75', mode: '', note: "a 'b' {c}: #d" };
    expect(passes(service, jobBody({ params }))).toBe(true);
    expect(runValuesOf(service, { params })).toMatchObject({ param_threshold: '0.75', param_mode: '', param_note: "a 'b' {c}: #d" });
    expect(runValuesOf(service, { params: {} })).toMatchObject({ param_threshold: '0.5', param_mode: 'low' });
  });

  it.each(hostile.filter((value) => value !== ''))('refuse %j', (value) => {
    expect(passes(service, jobBody({ params: { threshold: value } }))).toBe(false);
    expect(passes(service, jobBody({ params: { mode: value } }))).toBe(false);
    if (typeof value !== 'object' || value === null || Object.keys(value).length > 0 || Array.isArray(value)) {
      expect(passes(service, jobBody({ params: value }))).toBe(false);
    }
  });

  it('never take what something could expand or what ends a text of JSON, whatever their pattern', () => {
    const wrong = hostile.filter((value) => typeof value !== 'string' || /[$"\\]|[^ -~]/.test(value) || value.length > 256);
    expect(wrong.length).toBeGreaterThan(15);
    for (const value of wrong) expect(passes(service, jobBody({ params: { note: value } })), JSON.stringify(value)).toBe(false);
    for (const value of ['', '..', '-rf', ':sftp:', 'a'.repeat(256)]) expect(passes(service, jobBody({ params: { note: value } })), value).toBe(true);
  });

  it('are refused where a service has none, and where it has others', () => {
    expect(passes(serviceModel, jobBody({ params: {} }))).toBe(false);
    expect(passes(service, jobBody({ params: { other: '1' } }))).toBe(false);
  });

  it('say in words what is wrong', () => {
    expect(refusal(service, { params: { treshold: '0.7' } })).toBe('spec.params has the key "treshold"; it may have mode, note, threshold');
    expect(refusal(service, { params: { threshold: 0.7 } })).toBe('spec.params.threshold is 0.7, but must be a string');
    expect(refusal(service, { params: { threshold: '7' } })).toBe('spec.params.threshold is "7", but must match ^0\\.[0-9]{1,4}$');
    expect(refusal(service, { params: { note: '5 $' } })).toBe(
      'spec.params.note is "5 $", but must be at most 256 printable ASCII characters without $, " and \\',
    );
  });

  it('reach the run by a binding of the Trigger itself, so that no other service changes', () => {
    const { bindings } = renderTrigger(service)?.['spec'] as { bindings: object[] };
    expect(bindings).toEqual([
      { kind: 'TriggerBinding', ref: 'millrace' },
      ...['mode', 'note', 'threshold'].map((name) => ({ name: `param_${name}`, value: `$(extensions.param_${name})` })),
    ]);
    expect(JSON.stringify(renderTriggerTemplate(service))).toContain('{"name":"param_mode","value":"$(tt.params.param_mode)"}');
  });
});
