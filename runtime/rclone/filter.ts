/** Rules for rclone's `--filter-from`: what is taken, and nothing else. */
const onlyThese = (patterns: readonly string[]): string => [...patterns.map((pattern) => `+ ${pattern}`), '- **', ''].join('\n');

/** What rclone copies with a service's `include`: what one of the patterns matches. */
export const includeFilter = (patterns: readonly string[]): string => onlyThese(patterns);

/** Exactly one file at the top. */
export const oneFileFilter = (name: string): string => onlyThese([`/${name.replace(/[\\*?[\]{}]/g, '\\$&')}`]);
