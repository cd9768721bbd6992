import { error, warning } from '../define.js';
import { didYouMean, quote } from '../words.js';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** The field of a service that gives a volume its size. */
const hintOfVolume: Readonly<Record<string, string>> = Object.fromEntries(
  ['data', 'model', 'output', 'tmp', 'shm'].map((name) => [name, `raise storage.${name} of the service`]),
);

export const runCatalogue = {
  'run/unknown-service': error<{ team: string; name: string; known: readonly string[] }>(
    ({ team, name }) => `there is no service ${team}/${name}`,
    ({ known }) => (known.length > 0 ? `services: ${known.join(', ')}` : 'no service is defined below services/'),
  ),
  'run/store-missing': error<{ path: string }>(
    ({ path }) => `the store ${path} is no folder`,
    () => 'make it, with one folder in it for each connection: a path fraud/in/ of connection raw is STORE/raw/fraud/in/',
  ),
  'run/no-temporary-folder': error<{ path: string }>(
    ({ path }) => `the folder for temporary files, ${path}, is no folder`,
    () => 'set TMPDIR to an existing folder, or unset it',
  ),
  'run/rclone-missing': error(
    () => 'rclone is not on PATH',
    () =>
      'install rclone 1.75 or later from https://rclone.org/downloads/ (also: brew install rclone; the packages of Linux distributions are often older)',
  ),
  'run/rclone-too-old': error<{ version: string; program: string }>(
    ({ version, program }) => `${program} is rclone ${version}, and jobs need 1.75 or later`,
    () => 'install a newer one from https://rclone.org/downloads/, or run rclone selfupdate if it was installed from there',
  ),
  'run/command-missing': error<{ step: string; command: string }>(
    ({ step, command }) => `the program "${command}" of step ${step} was not found on this machine`,
    ({ command }) =>
      command.startsWith('/')
        ? `map its folder of the image to one of this machine: --exec-map ${command.slice(0, Math.max(command.lastIndexOf('/'), 1))}=FOLDER`
        : 'install it, or add its folder to PATH: with --exec, the predictor runs as a process of this machine',
  ),
  'run/exec-map-missing': error<{ container: string; host: string }>(
    ({ container, host }) => `${host}, which shall stand for ${container}, is no folder`,
    () => 'give an existing folder after the =; a relative one counts from the current folder',
  ),
  'run/engine-missing': error<{ wanted: string | undefined }>(
    ({ wanted }) =>
      `the predictor is to run as a container, and ${wanted === undefined ? 'neither docker nor podman nor nerdctl is' : `${wanted} is not`} on PATH`,
    ({ wanted }) =>
      `install ${wanted ?? 'one of them'}${wanted === undefined ? '' : ', or leave --container-engine out'}, or run the predictor as a process of this machine: --exec`,
  ),
  'run/engine-unavailable': error<{ engine: string; problem: string }>(
    ({ engine, problem }) => `${engine} is on PATH and cannot run containers: ${problem}`,
    ({ engine }) => `see what "${engine} info" says; another engine can be chosen with --container-engine, and --exec needs none`,
  ),
  'run/image-not-pulled': error<{ image: string; engine: string; registry: string; problem: string }>(
    ({ image, engine, problem }) => `the image ${image} is not on this machine, and ${engine} could not pull it: ${problem}`,
    ({ engine, registry }) => `log in with "${engine} login ${registry}"; for the predictor, --image takes one that you built here`,
  ),
  'run/path-not-mountable': error<{ path: string; option: string }>(
    ({ path }) =>
      `the folder ${path} cannot be given to a container: its whole path has a comma, a colon, a quote, a backslash or a control character`,
    ({ option }) => `give another folder with ${option}`,
  ),
  'run/store-not-writable': error<{ user: string; folder: string }>(
    ({ user, folder }) => `with --containers all, every step is user ${user} here, who may not write to ${folder}`,
    () => 'start the run as the user whose store it is, or let that user write there',
  ),
  'run/device-not-given': warning<{ devices: readonly string[] }>(
    ({ devices }) => `the predictor asks for ${devices.join(' and ')}, and gets none here: container engines know nvidia.com/gpu only`,
    () => 'with --no-gpu it is asked for no device, and this is not said',
  ),
  'run/limits-not-enforced': warning<{ engine: string; limits: readonly string[] }>(
    ({ engine, limits }) => `${engine} cannot limit ${limits.join(' and ')} on this machine, so the containers may use more than on a cluster`,
    () => 'without root, an engine needs cgroup v2 and the controllers delegated to its user',
  ),
  'run/volume-too-large': warning<{ step: string; volume: string; used: string; size: string }>(
    ({ step, volume, used, size }) => `after step ${step}, the volume ${volume} holds ${used}, and its size is ${size}`,
    ({ volume }) => `on a cluster the pod would be evicted: ${hintOfVolume[volume] ?? 'write less into it'}`,
  ),
  'run/out-of-memory': warning<{ step: string; limit: string | undefined }>(
    ({ step, limit }) =>
      `step ${step} used more memory than its limit${limit === undefined ? '' : ` of ${limit}`}, and the kernel killed a process of it`,
    () => 'on a cluster the whole run may hang then, until its timeout: raise resources.limits.memory of the service, or let the predictor use less',
  ),
  'run/container-left': warning<{ engine: string; name: string; problem: string }>(
    ({ name, problem }) => `the container ${name} could not be removed: ${problem}`,
    ({ engine, name }) => `remove it with: ${engine} rm --force --volumes ${name}`,
  ),
  'run/request-unreadable': error<{ file: string; problem: string }>(
    ({ file, problem }) => `the request ${file}: ${problem}`,
    () => 'a request is a JSON object: {"kind": "InferenceJob", "spec": {"inferenceServiceId": "…"}}',
  ),
  'run/request-refused': error<{ service: string; sentence: string; rule: string | undefined }>(
    ({ service, sentence }) => `the listener would not start ${service}: ${sentence}`,
    ({ rule }) => (rule === undefined ? undefined : 'millrace simulate with --format json has the rule as it stands in dist/'),
  ),
  'run/no-webhook': error<{ service: string }>(
    ({ service }) => `${service} takes no requests: its webhook is off, or nobody may call it`,
    () => 'let a caller of Platform call it; millrace run without --request takes the service as it is',
  ),
  'run/unknown-caller': error<{ service: string; caller: string; known: readonly string[] }>(
    ({ service, caller }) => `caller "${caller}" may not start ${service}`,
    ({ known }) => `callers of this service: ${quoted(known)}`,
  ),
  'run/unknown-param': error<{ service: string; param: string; known: readonly string[] }>(
    ({ service, param }) => `${service} has no param ${quote(param)}`,
    ({ param, known }) => didYouMean(param, known, 'its params', 'the service declares none: spec.params'),
  ),
  'run/unknown-schedule': error<{ service: string; schedule: string; known: readonly string[] }>(
    ({ service, schedule }) => `${service} has no schedule ${quote(schedule)}`,
    ({ schedule, known }) => didYouMean(schedule, known, 'its schedules', 'the service has none: spec.triggers.schedules'),
  ),
  'run/request-needed': error<{ service: string; fields: readonly string[] }>(
    ({ service, fields }) => `${service} leaves ${fields.join(' and ')} to the request, and there is none`,
    () => 'write a job body into a file and give it with --request FILE, or start what a schedule gives with --schedule NAME',
  ),
  'run/work-not-ours': error<{ path: string }>(
    ({ path }) => `the work folder ${path} holds something that millrace run did not make`,
    () => 'give another folder with --work, or an empty one: what is in it is removed before a run',
  ),
  'run/work-unusable': error<{ path: string; reason: string }>(
    ({ path, reason }) => `the work folder ${path} cannot be used: ${reason}`,
    () => 'give another folder with --work',
  ),
  'run/already-running': error<{ path: string; pid: number }>(
    ({ path, pid }) => `process ${String(pid)} runs a job in the work folder ${path}`,
    () => 'wait until it has ended, or give this run another name with --job-id',
  ),
  'run/path-not-mapped': warning<{ paths: readonly string[]; folder: string }>(
    ({ paths }) => `the predictor is given ${paths.join(', ')}, and there is no such path on this machine`,
    ({ folder }) => `map the folder of the image to one of this machine: --exec-map ${folder}=FOLDER`,
  ),
  'run/read-only-changed': warning<{ step: string; paths: readonly string[]; more: number }>(
    ({ step, paths, more }) => `step ${step} changed what it may only read: ${paths.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`,
    () => 'on a cluster these writes fail: write to $ODAHU_MODEL_OUTPUT or /tmp instead',
  ),
  'run/step-timed-out': error<{ step: string; limit: string }>(
    ({ step, limit }) => `step ${step} took longer than its ${limit}, so the run ended there and nothing was published`,
    ({ step }) =>
      step === 'user-container'
        ? 'make the predictor faster, give it less data, or raise timeout of the service'
        : 'raise timeouts.sync of the service',
  ),
  'run/step-failed': error<{ step: string; code: number; detail: string | undefined; sentence: string | undefined; reason: string | undefined }>(
    ({ step, code, detail, sentence }) =>
      `step ${step} failed with exit code ${String(code)}${detail === undefined ? '' : ` (${detail})`}${sentence === undefined ? '' : `: ${sentence}`}`,
    ({ reason }) => (reason === undefined ? undefined : `more about it: millrace explain ${reason}`),
  ),
};
