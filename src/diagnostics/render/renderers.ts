import { renderJson } from './json.js';
import { renderGithub } from './github.js';
import type { Renderer } from './renderer.js';
import { renderSarif } from './sarif.js';
import { renderText } from './text.js';

export const formats = ['text', 'json', 'github', 'sarif'] as const;
export type Format = (typeof formats)[number];

export const renderers: Readonly<Record<Format, Renderer>> = { text: renderText, json: renderJson, github: renderGithub, sarif: renderSarif };

/** Whether there is a renderer of this name. */
export const isFormat = (text: string): text is Format => formats.some((format) => format === text);
