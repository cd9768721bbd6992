export const apiVersion = 'millrace.dev/v1';

export const kinds = ['Platform', 'Team', 'Connection', 'InferenceService'] as const;
export type Kind = (typeof kinds)[number];
