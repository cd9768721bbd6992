import { error, warning } from '../define.js';
import { quote } from '../words.js';

/** What becomes of jobs on a cluster. */
export const jobCatalogue = {
  'job/unknown-job': error<{ name: string; namespace: string }>(
    ({ name, namespace }) => `there is no job ${quote(name)} in namespace ${namespace}`,
    () => 'jobs that have ended are removed after a while; "millrace job list" shows those that are there',
  ),
  'job/key-file': error<{ file: string; problem: string }>(
    ({ file, problem }) => `the key file ${file} ${problem}`,
    () => 'it holds the key of the caller and nothing else',
  ),
  'job/no-key': error<{ caller: string; secret: string; key: string; namespace: string; problem: string }>(
    ({ caller, secret, key, namespace, problem }) =>
      `the key of caller ${quote(caller)} is not there: the Secret ${secret} in namespace ${namespace} ${problem.replace('KEY', quote(key))}`,
    () =>
      'give the key with --key-file FILE or in the environment variable MILLRACE_KEY, or create the Secret; "millrace doctor" names all that are missing',
  ),
  'job/bad-key': error<{ caller: string; problem: string }>(
    ({ caller, problem }) => `the key of caller ${quote(caller)} cannot be sent: it ${problem}`,
    () => 'a token is printable ASCII on one line; a Secret made of a file often has a line feed at its end',
  ),
  'job/bad-body': error<{ file: string; problem: string }>(
    ({ file, problem }) => `the job body ${file}: ${problem}`,
    () => 'a job body is a JSON object: {"kind": "InferenceJob", "spec": {"inferenceServiceId": "…"}}',
  ),
  'job/listener-unreachable': error<{ url: string; problem: string }>(
    ({ url, problem }) => `the listener ${url} cannot be reached: ${problem}`,
    () => 'is the host of Platform the right one, and does a route lead to the listener? --url takes another address, and --direct needs no listener',
  ),
  'job/listener-untrusted': error<{ url: string; problem: string }>(
    ({ url, problem }) => `the listener ${url} is not trusted: ${problem}`,
    () => 'give the authority of its certificate with --ca-file FILE (PEM)',
  ),
  'job/listener-refused': error<{ url: string; status: number; problem: string }>(
    ({ url, status, problem }) => `${url} answered ${String(status)}${problem === '' ? '' : `: ${problem}`}`,
    ({ status }) =>
      status === 400
        ? 'a listener says so of a body that is no JSON object'
        : status === 413
          ? 'the route before the listener lets no such large body pass'
          : 'a listener answers 202 to everything: something before it, or in its place, has answered',
  ),
  'job/refused': error<{ service: string; sentence: string; rule: string | undefined }>(
    ({ service, sentence }) => `no run of ${service} appeared, and this is why: ${sentence}`,
    ({ rule }) => (rule === undefined ? undefined : 'millrace simulate with --format json has the rule as it stands in dist/'),
  ),
  'job/not-started': error<{ service: string; eventId: string; seconds: number; namespace: string }>(
    ({ service, seconds, eventId }) =>
      `the listener took the request${eventId === '' ? '' : ` (event ${eventId})`}, and no run of ${service} appeared in ${String(seconds)} seconds, although the definitions here would let it pass`,
    ({ namespace }) =>
      `a wrong key, rules on the cluster that differ from those here, or a limit of the cluster; the listener says which: kubectl logs -n ${namespace} -l eventlistener --tail 20`,
  ),
  'job/already-there': warning<{ job: string; state: string }>(
    ({ job, state }) => `the job ${job} is there already (${state}), so nothing was started`,
    () => 'one requestId starts one job; --rerun removes one that has ended and starts it again',
  ),
  'job/still-running': error<{ job: string; state: string }>(
    ({ job, state }) => `the job ${job} is ${state}, so it cannot be started again`,
    ({ job }) => `wait until it has ended, or stop it: millrace job delete ${job} --yes`,
  ),
  'job/not-gone': error<{ job: string; seconds: number }>(
    ({ job, seconds }) => `the job ${job} is not gone after ${String(seconds)} seconds`,
    () => 'its pod may still be ending: try again in a moment',
  ),
  'job/not-ended': error<{ job: string; state: string; limit: string }>(
    ({ job, state, limit }) => `the job ${job} is still ${state} after ${limit}`,
    ({ job }) => `it goes on: see millrace job get ${job}`,
  ),
  'job/failed': error<{
    job: string;
    state: string;
    step: string | undefined;
    exitCode: number | undefined;
    sentence: string;
    reason: string | undefined;
  }>(
    ({ job, state, step, exitCode, sentence }) =>
      [
        `the job ${job} ${state === 'failed' ? 'failed' : state === 'cancelled' ? 'was cancelled' : 'exceeded its time'}`,
        step === undefined ? '' : ` in step ${step}`,
        exitCode === undefined ? '' : ` with exit code ${String(exitCode)}`,
        sentence === '' ? '' : `: ${sentence}`,
      ].join(''),
    ({ job, reason }) => (reason === undefined ? `its logs: millrace job logs ${job}` : `more about it: millrace explain ${reason}`),
  ),
  'job/vanished': error<{ job: string }>(
    ({ job }) => `the job ${job} was deleted while it was watched`,
    () => 'somebody, or what cleans up, has removed it',
  ),
  'job/not-confirmed': error<{ job: string; state: string }>(
    ({ job, state }) =>
      state === 'waiting' || state === 'running'
        ? `the job ${job} is ${state}: it would be stopped and deleted`
        : `the job ${job} (${state}) would be deleted`,
    () => 'add --yes to do so',
  ),
  'job/shared-output': error<{ service: string; path: string }>(
    ({ service, path }) => `all jobs would write to ${quote(path)} of ${service}, each over the results of the one before`,
    () => 'set outputDestination.layout: perJob, use {jobId} or {requestId} in its path, or give --output with {prefix}',
  ),
  'job/bad-prefix': error<{ prefix: string; problem: string }>(
    ({ prefix, problem }) => `the prefix ${quote(prefix)} ${problem}`,
    () => 'a prefix is a folder below the data source, such as 2026-11-22/',
  ),
};
