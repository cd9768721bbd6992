import { describe, expect, it } from 'vitest';
import { isUnderRegistry, parseImage, type ImageReference } from '../../../src/base/image.js';

const sha256 = `sha256:${'a1'.repeat(32)}`;

describe('parseImage', () => {
  it.each([
    ['node', { registry: 'docker.io', repository: 'library/node' }],
    ['node:22-slim', { registry: 'docker.io', repository: 'library/node', tag: '22-slim' }],
    ['rclone/rclone', { registry: 'docker.io', repository: 'rclone/rclone' }],
    ['docker.io/node', { registry: 'docker.io', repository: 'library/node' }],
    ['index.docker.io/library/node', { registry: 'docker.io', repository: 'library/node' }],
    ['localhost/x', { registry: 'localhost', repository: 'x' }],
    ['localhost:5000/x:1', { registry: 'localhost:5000', repository: 'x', tag: '1' }],
    ['HOST/x', { registry: 'HOST', repository: 'x' }],
    ['[fd00::1]:5000/x', { registry: '[fd00::1]:5000', repository: 'x' }],
    [`registry.example.com/risk/fraud:1.4.2@${sha256}`, { registry: 'registry.example.com', repository: 'risk/fraud', tag: '1.4.2', digest: sha256 }],
    [`a/b@sha512:${'0f'.repeat(64)}`, { registry: 'docker.io', repository: 'a/b', digest: `sha512:${'0f'.repeat(64)}` }],
    ['a.b/c_d/e__f/g---h.i', { registry: 'a.b', repository: 'c_d/e__f/g---h.i' }],
  ])('reads %s', (text, parts) => expect(parseImage(text)).toEqual(parts));

  it.each([
    '',
    ' node',
    'node ',
    '-x',
    'Node',
    'a/B',
    'a//b',
    '/a',
    'a/',
    'a:',
    'a:-x',
    'a@',
    'a@sha256:abc',
    `a@sha256:${'A1'.repeat(32)}`,
    `a@md5:${'a1'.repeat(16)}`,
    `a@${sha256}@${sha256}`,
    'user@host/x',
    'https://registry.example.com/x',
    'host:port/x',
    'a..b/c',
    'a.b/c..d',
    'a.b/c_',
    'a.b/c___d',
    'a\nb',
    'bücher.example/x',
    'a1'.repeat(32),
    `r.example/${'x'.repeat(255)}`,
    `a:${'x'.repeat(129)}`,
  ])('refuses %j', (text) => expect(parseImage(text)).toBeUndefined());
});

describe('isUnderRegistry', () => {
  const image = (text: string): ImageReference => {
    const parsed = parseImage(text);
    if (!parsed) throw new Error(`${text} is an image`);
    return parsed;
  };

  it.each([
    ['registry.example.com/risk/fraud:1', 'registry.example.com/risk/', true],
    ['registry.example.com/risk/fraud:1', 'registry.example.com/risk', true],
    ['registry.example.com/risk/a/b', 'registry.example.com/risk/', true],
    ['registry.example.com/risk/fraud', 'registry.example.com', true],
    ['registry.example.com/risk/fraud', 'registry.example.com/', true],
    ['registry.example.com/risk', 'registry.example.com/risk', true],
    ['registry.example.com/risk', 'registry.example.com/risk/', false],
    ['registry.example.com/risk-evil/x', 'registry.example.com/risk', false],
    ['registry.example.com/risk-evil/x', 'registry.example.com/risk/', false],
    ['registry.example.com.evil.example/risk/x', 'registry.example.com', false],
    ['registry.example.com:8443/risk/x', 'registry.example.com/risk/', false],
    ['evil.example/registry.example.com/risk/x', 'registry.example.com/risk/', false],
    ['node', 'docker.io/library/', true],
    ['node', 'docker.io', true],
    ['rclone/rclone', 'rclone/', true],
    ['rclone/rclone', 'library/', false],
    ['localhost:5000/x/y', 'localhost:5000', true],
    ['localhost/x', 'localhost', true],
    ['anything/x', '', false],
    ['anything/x', '/', false],
  ])('%s under %j: %s', (text, prefix, expected) => expect(isUnderRegistry(image(text), prefix)).toBe(expected));
});
