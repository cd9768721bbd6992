/** The pages of this repository that people read, and what they link to. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root } from './readme.js';

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(new URL(`${folder}/`, root), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join(folder, name));

/** Relative to the root, sorted. */
export const pages: readonly string[] = [...markdownIn('.'), ...markdownIn('docs')].sort();

export interface Link {
  /** As it stands in the page. */
  readonly written: string;
  /** Relative to the root. */
  readonly path: string;
  /** Of the page that it leads to, as a part of an address; empty: none. */
  readonly heading: string;
}

/** A page without its examples. */
const proseOf = (page: string): string => readFileSync(new URL(page, root), 'utf8').replace(/^ *```.*?^ *```$/gms, '');

/** Links of a page into this repository. */
export const linksOf = (page: string): readonly Link[] =>
  [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, written = '']) => {
    const [path = '', heading = ''] = written.split('#');
    return { written, path: path === '' ? page : posix.join(posix.dirname(page), path), heading };
  });

/** Headings of a page in the form that GitHub gives them in addresses. */
export const headingsOf = (page: string): readonly string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
