import { describe, expect, it } from 'vitest';
import { isTimeZone, meantTimeZone, timeZones } from '../../../src/base/time-zone.js';

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

describe('meantTimeZone', () => {
  it.each([
    ['berlin', 'Europe/Berlin'],
    ['Berln', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Europe/Berln', 'Europe/Berlin'],
    ['utc', 'Etc/UTC'],
    ['CEST', 'CET'],
    ['GMT+1', 'Etc/GMT-1'],
    ['UTC-05:00', 'Etc/GMT+5'],
    ['+02', 'Etc/GMT-2'],
    ['UTC+0', 'Etc/UTC'],
    ['GMT+5:30', undefined],
    ['UTC-13', undefined],
    ['nowhere at all', undefined],
  ])('by %j means %s', (text, zone) => expect(meantTimeZone(text)).toBe(zone));
});
