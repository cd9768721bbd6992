import { renderJson } from './json.js';
import type { Renderer } from './renderer.js';
import { renderText } from './text.js';

export const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

export const renderers: Readonly<Record<Format, Renderer>> = { text: renderText, json: renderJson };

export const isFormat = (text: string): text is Format => formats.some((format) => format === text);
