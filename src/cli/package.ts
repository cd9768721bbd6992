import { readFileSync } from 'node:fs';

/** A file of the installed package. The folder is the same two levels up from src/cli, from lib/cli and from the bundle in lib/bin. */
export const packageFile = (path: string): URL => new URL(`../../${path}`, import.meta.url);

/** Of this package, as its package.json has it. */
export function packageVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return String(version);
}
