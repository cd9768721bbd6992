/** Our durations: one integer and one of `s`, `m`, `h`. Nine digits keep the seconds exact. */
const pattern = /^(0|[1-9][0-9]{0,8})([smh])$/;

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds, or undefined where `text` is no duration of ours. `0s` is one; whether it makes sense is the caller's to say. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  const unit = secondsOf[match?.[2] ?? ''];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

/** `seconds` in the largest unit that divides it: `3600` is `1h`, `5400` is `90m`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0s';
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The one way to write the duration: `60m` is `1h`, `90m` stays. Undefined where `text` is none. */
export function canonicalDuration(text: string): string | undefined {
  const seconds = parseDuration(text);
  return seconds === undefined ? undefined : formatDuration(seconds);
}

/**
 * As Go prints a whole number of seconds, and so as the API server stores it: `1h30m0s`, `1m0s`, `45s`, `0s`.
 * @see https://pkg.go.dev/time#Duration.String
 */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
