import { requestIdPattern, scheduledPrefix } from '../contract/request-id.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { requestable } from './amounts.js';
import { spanOf } from './documents.js';
import type { Places } from './places.js';
import type { OdahuJob, OdahuResources, Reference } from './service.js';

const requestIdForm = new RegExp(requestIdPattern);

/** The body of a request that starts the job, ready to be signed and posted. */
export function jobFile(job: OdahuJob, places: Places, diagnostics: Diagnostic[]): string {
  const { serviceId, requestId, nodeSelector, resources } = job;
  const reference = (given: Reference | undefined, mode: 'read' | 'write'): object | undefined => {
    const placed = given && places.folder(given, mode);
    return placed?.path === undefined ? undefined : placed;
  };
  const body = {
    kind: 'InferenceJob',
    spec: {
      inferenceServiceId: serviceId,
      dataSource: reference(job.dataSource, 'read'),
      outputDestination: reference(job.outputDestination, 'write'),
      nodeSelector,
      resources: resources && amountsOf(resources),
      requestId: requestId === undefined ? undefined : usableId(job, requestId, diagnostics),
    },
  };
  return `${JSON.stringify(body, undefined, 2)}\n`;
}

/** Without GPUs that nobody asks for: a service that lets requests choose none refuses the word. */
function amountsOf(resources: OdahuResources): object | undefined {
  const [requests, limits] = [withoutNoGpu(requestable(resources.requests)), withoutNoGpu(requestable(resources.limits))];
  const amounts = { ...(Object.keys(requests).length > 0 ? { requests } : {}), ...(Object.keys(limits).length > 0 ? { limits } : {}) };
  return Object.keys(amounts).length > 0 ? amounts : undefined;
}

const withoutNoGpu = (amounts: OdahuResources['limits']): OdahuResources['limits'] =>
  Object.fromEntries(Object.entries(amounts).filter(([name, amount]) => name !== 'gpu' || amount !== '0'));

function usableId({ spec }: OdahuJob, requestId: string, diagnostics: Diagnostic[]): string | undefined {
  if (requestIdForm.test(requestId) && !requestId.startsWith(scheduledPrefix)) return requestId;
  const reason = 'an id has at most 36 lower-case letters, digits and -, and does not begin with sched-';
  diagnostics.push(diagnose('odahu/not-carried-over', spanOf(spec, 'requestId'), { what: 'the requestId', reason }));
  return undefined;
}
