import { exitCodes } from '../../src/contract/exit-codes.js';
import { failure, type StepFailure } from '../base/failure.js';
import type { ApiAnswer } from './api.js';

/** Rights, quotas and CRDs may be on their way to the cluster still, and a list is begun anew; what is wrong with an object stays wrong. */
const mayCome: ReadonlySet<number> = new Set([401, 403, 404, 409, 410]);

/** The failure of a call that the server does not carry out. A Job tries it again where that may help. */
export const refused = (request: string, { status, message }: ApiAnswer): StepFailure =>
  failure('runtime/api-refused', { request, status, message }, mayCome.has(status) ? { code: exitCodes.io } : {});
