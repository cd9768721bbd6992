/**
 * Longest single duration, in seconds: a year. Sums of a few stay far below what Go can count in nanoseconds (292 years).
 */
export const longestDuration = 365 * 24 * 3600;
