/** One remote of rclone's configuration. */
export interface Section {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

// What rclone's reader replaces by another option's value, wherever it stands and however it is quoted.
const replaced = /%\([^)]+\)s/;
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Why a value cannot be written so that rclone reads it back unchanged, or undefined. Completes "the value …". */
export function configValueProblem(value: string): string | undefined {
  if (control.test(value)) return 'holds a line break or another control character';
  if (replaced.test(value)) return 'holds "%(…)s", which rclone would replace by something else; make a new one without it';
  return undefined;
}

const plain = /^[A-Za-z0-9._:/+=@~-]+$/;

/**
 * In three quotation marks rclone takes everything up to the last three of the line as it is: blanks at the ends,
 * backticks, comment signs, and quotation marks themselves.
 */
const write = (value: string): string => (plain.test(value) ? value : `"""${value}"""`);

/**
 * The text of `rclone.conf`. Each value must have passed {@link configValueProblem}.
 * @see https://rclone.org/docs/#config-file
 */
export const renderConfig = (sections: readonly Section[]): string =>
  sections
    .map(({ name, options }) => {
      const lines = Object.entries(options).map(([key, value]) => `${key} = ${write(value)}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
