/** What clients of ODAHU post, as they post it: there, every path was a folder, with or without a `/` at its end. */
import { describe, expect, it } from 'vitest';
import { objectPathMaxLength } from '../../../src/base/object-path.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { serviceModel } from '../../support/models.js';
import { jobBody, passes, runValuesOf, webhookOf } from '../../support/requests.js';

const raw = [{ connection: 'raw', prefix: 'fraud/' }];
const results = [{ connection: 'results', prefix: 'fraud/' }];
const webhook = { ...webhookOf(serviceModel), dataSource: raw, outputDestination: results };
const odahu: ServiceModel = { ...serviceModel, webhook, validation: { ...serviceModel.validation, profile: 'odahu' } };
const other: ServiceModel = { ...odahu, validation: { ...serviceModel.validation, profile: 'spec' } };

const data = (path: unknown) => ({ dataSource: { connection: 'raw', path } });
const output = (path: unknown) => ({ outputDestination: { connection: 'results', path } });

describe('in profile odahu', () => {
  it.each([
    ['fraud/2022-01-01', 'fraud/2022-01-01/'],
    ['fraud/2022-01-01/', 'fraud/2022-01-01/'],
    ['fraud', 'fraud/'],
    ['fraud/', 'fraud/'],
    ['fraud/request.json', 'fraud/request.json/'],
  ])('the path %s is the folder %s', (given, folder) => {
    expect(passes(odahu, jobBody({ ...data(given), ...output(given) }))).toBe(true);
    expect(runValuesOf(odahu, { ...data(given), ...output(given) })).toMatchObject({ dataPath: folder, outputPath: folder });
  });

  it.each(['fraud-2', 'frau', 'other/in', '', '/', 'fraud/..', '../fraud', 'fraud//', 'fraud/$(uid)', null, 1, ['fraud'], 'a'.repeat(600)])(
    'the path %j is refused',
    (path) => {
      expect(passes(odahu, jobBody(data(path)))).toBe(false);
      expect(passes(odahu, jobBody(output(path)))).toBe(false);
    },
  );

  it('a path with its / is never longer than a run may have', () => {
    const path = `fraud/${'a'.repeat(objectPathMaxLength - 'fraud/'.length)}`;
    expect(passes(odahu, jobBody(data(path)))).toBe(false);
    expect(passes(odahu, jobBody(data(path.slice(1))))).toBe(false);
    expect(passes(odahu, jobBody(data(path.slice(0, -1))))).toBe(true);
    expect(String(runValuesOf(odahu, data(path.slice(0, -1)))['dataPath'])).toHaveLength(objectPathMaxLength);
  });

  it("a service whose own source is one object keeps ODAHU's paths out: they could not be told apart", () => {
    const { dataSource } = serviceModel;
    if (!dataSource) throw new Error('the service of the test has a source');
    const single: ServiceModel = { ...odahu, dataSource: { ...dataSource, path: 'fraud/one.json' } };
    expect(runValuesOf(single, data('fraud/two.json'))).toMatchObject({ dataPath: 'fraud/two.json' });
  });
});

it('in other profiles a path without / is one object, and no place for results', () => {
  expect(runValuesOf(other, data('fraud/request.json'))).toMatchObject({ dataPath: 'fraud/request.json' });
  expect(passes(other, jobBody(output('fraud/out')))).toBe(false);
});
