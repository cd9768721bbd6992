export function validatorsModule(): Promise<string>;
export function writeValidators(): Promise<void>;
