import { describe, expect, it } from 'vitest';
import { neverFires, parseCron } from '../../../src/base/cron.js';

function read(text: string): string {
  const result = parseCron(text);
  if ('error' in result) return result.error;
  return neverFires(result.cron) ? 'never' : 'fires';
}

describe('parseCron', () => {
  it.each([
    '0 2 * * *',
    '*/15 * * * *',
    '0 0 1 1 *',
    '5-59/10 0-6,22 1,15 jan-JUN MON-fri',
    '0 0 ? * ?',
    '0/20 * * * *',
    '00 02 * * 0',
    '  0   2 * * *  ',
    '@hourly',
    '@daily',
    '@midnight',
    '@weekly',
    '@monthly',
    '@yearly',
    '@annually',
  ])('takes %s', (text) => expect(read(text)).toBe('fires'));

  it.each([
    ['', 'a cron expression has five fields (minute, hour, day of month, month, day of week), this one has 0'],
    ['0 2 * *', 'a cron expression has five fields (minute, hour, day of month, month, day of week), this one has 4'],
    ['0 0 2 * * *', 'a cron expression has five fields (minute, hour, day of month, month, day of week), this one has 6'],
    ['60 * * * *', '"60" is no minute: allowed are 0 to 59'],
    ['* 24 * * *', '"24" is no hour: allowed are 0 to 23'],
    ['* * 0 * *', '"0" is no day of month: allowed are 1 to 31'],
    ['* * * 13 *', '"13" is no month: allowed are 1 to 12, or jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec'],
    ['* * * * 7', '"7" is no day of week: allowed are 0 to 6, or sun, mon, tue, wed, thu, fri, sat'],
    ['* * * * mo', '"mo" is no day of week: allowed are 0 to 6, or sun, mon, tue, wed, thu, fri, sat'],
    ['30-10 * * * *', 'the range "30-10" of the minute ends before it starts'],
    ['*/0 * * * *', 'the step of "*/0" in the minute must be at least 1'],
    ['*-5 * * * *', '"*-5" is no minute'],
    ['1,,2 * * * *', '"" is no minute'],
    ['1/2/3 * * * *', '"1/2/3" is no minute'],
    ['1-2-3 * * * *', '"1-2-3" is no minute'],
    ['-1 * * * *', '"-1" is no minute'],
    ['L * * * *', '"L" is no minute: allowed are 0 to 59'],
    ['0\t2 * * *', 'a cron expression has five fields (minute, hour, day of month, month, day of week), this one has 4'],
    ['@every 1h', 'unknown macro "@every 1h"; known are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly'],
    ['valueOf', 'a cron expression has five fields (minute, hour, day of month, month, day of week), this one has 1'],
    ['@toString', 'unknown macro "@toString"; known are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly'],
    ['TZ=UTC 0 2 * * *', 'a time zone inside the cron expression is not allowed'],
    ['CRON_TZ=UTC 0 2 * * *', 'a time zone inside the cron expression is not allowed'],
    ['0 '.repeat(200), 'a cron expression has at most 256 characters'],
  ])('refuses %j', (text, sentence) => expect(read(text)).toBe(sentence));
});

describe('neverFires', () => {
  it.each([
    ['0 0 31 2 *', 'never'],
    ['0 0 30 2 *', 'never'],
    ['0 0 29 2 *', 'fires'],
    ['0 0 31 4,6,9,11 *', 'never'],
    ['0 0 31 4,5 *', 'fires'],
    ['0 0 30-31 2 ?', 'never'],
    ['0 0 31 2 */1', 'never'],
    // Without a star in either, one of the two day fields is enough.
    ['0 0 31 2 1', 'fires'],
    ['0 0 31 2 */2', 'fires'],
    ['0 0 * 2 1', 'fires'],
  ])('%s: %s', (text, expected) => expect(read(text)).toBe(expected));
});
