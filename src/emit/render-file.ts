import { assertInvariant } from '../base/assert.js';
import { withHeader } from './header.js';
import type { OutputFile } from './output-file.js';
import { emitYaml } from './yaml.js';

export interface FileToRender {
  /** Below the output folder, for example `risk/fraud-scorer.yaml`. */
  readonly path: string;
  /** The definition these objects come from, relative to the root, for example `services/risk/fraud-scorer.yaml`. */
  readonly source: string;
  /** In the order they are written. */
  readonly manifests: readonly unknown[];
}

export interface FileToPassOn {
  /** Below the output folder. */
  readonly path: string;
  /** The file it is, relative to the root. */
  readonly source: string;
  readonly text: string;
}

/** A file that is not ours to write: our two lines of comment above it, and then every byte as it is. */
export function passOn({ path, source, text }: FileToPassOn): OutputFile {
  assertInvariant(/^[!-~]+$/.test(source), `the header cannot hold the source ${JSON.stringify(source)}`);
  return { path, text: withHeader(source, notice(source) + text) };
}

const notice = (source: string): string => `# Generated from ${source}. Do not edit: change that file and run \`npx millrace synth\`.\n`;

/** The final bytes of one file of `dist/`: header, a line for human readers, one YAML document for each object. */
export function renderFile({ path, source, manifests }: FileToRender): OutputFile {
  assertInvariant(/^[!-~]+$/.test(source), `the header cannot hold the source ${JSON.stringify(source)}`);
  return { path, text: withHeader(source, notice(source) + manifests.map(emitYaml).join('---\n')) };
}
