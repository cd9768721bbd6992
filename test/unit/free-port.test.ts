import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';

it('no port is given twice, also to those who ask at the same time', async () => {
  const ports = await Promise.all(Array.from({ length: 600 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
});

it('test files that run at the same time have ports of their own', () => {
  // vitest counts those that run, from 1.
  expect(process.env['VITEST_POOL_ID']).toMatch(/^[1-9][0-9]*$/);
});
