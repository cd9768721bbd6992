import { describe, expect, it } from 'vitest';
import { isTimeZone, timeZones } from '../../../src/base/time-zone.js';

describe('isTimeZone', () => {
  it.each(['UTC', 'Etc/UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Asia/Calcutta', 'GMT', 'EST5EDT'])(
    'takes %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each([
    '',
    'Local',
    'local',
    'europe/berlin',
    'EUROPE/BERLIN',
    'utc',
    'Europe/Atlantis',
    'Europe/',
    '/Berlin',
    'Factory',
    '+02:00',
    'CEST',
    'Europe/Berlin ',
  ])('refuses %j', (name) => expect(isTimeZone(name)).toBe(false));

  it('knows only zones that Node knows too, under one name each', () => {
    const names = [...timeZones()];
    expect(names.length).toBe(new Set(names).size);
    expect(names.length).toBeGreaterThan(590);
    for (const timeZone of names) expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
  });
});
