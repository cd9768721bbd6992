import type { StepName } from './paths.js';
import { constantFlags } from './rclone-env.js';
import { reasons, type Transfer } from './reasons.js';

/**
 * The `sh` programs of the rclone steps: files beside the runtime in its ConfigMap, run as `sh -e <file>`.
 *
 * They are constant: every path comes from the environment, so no text of a user is ever read by a shell. They hold
 * no `$(` and no `$$`, which Tekton and the kubelet would replace, and no `${`, which Flux would; they run in busybox'
 * ash (the rclone image) and in dash. Flags that a service chooses come from the environment too (`rcloneEnv`), as one value
 * that is split on purpose.
 */

const transferFailed = 'runtime/transfer-failed';

/**
 * All flags, the service's own last, and what configure-rclone found that rclone needs to reach the stores, if anything. A line is
 * a name of ours and a value, which `export` takes as it is: nothing in it is read as a program.
 */
const withEnvironment = `\
MILLRACE_RCLONE_FLAGS="${constantFlags.join(' ')} $MILLRACE_RCLONE_FLAGS"
if [ -f "$MILLRACE_RCLONE/environment" ]; then
  while IFS= read -r variable; do export "$variable"; done < "$MILLRACE_RCLONE/environment"
fi
`;

/**
 * The beginning of a program: whatever ends it with an exit code other than 0 is told as our own steps tell their failures, as
 * a record and in plain words, unless `told` says that this was done. The exit code stays.
 */
function tellingFailure(step: StepName, transfer: Transfer): string {
  const sentence = reasons[transferFailed].sentence({ transfer });
  return `\
set -u
told=
tell() {
  failed=$?
  if [ "$failed" = 0 ] || [ "$told" = yes ]; then exit "$failed"; fi
  sentence='${sentence}'
  time=\`date -u +%Y-%m-%dT%H:%M:%SZ\`
  printf '{"time":"%s","level":"error","step":"${step}","message":"%s","reason":"${transferFailed}","code":%s}\\n' "$time" "$sentence" "$failed"
  printf '%s\\n' "$sentence" 'help: millrace explain ${transferFailed}' >&2
  exit "$failed"
}
trap tell EXIT
`;
}

/**
 * Copies the data. The listing is taken once and kept: it is what the copy shall bring, and what validate-input
 * compares with what came, because rclone leaves out some names with exit code 0. It never touches `valid`: the
 * kubelet has already mounted that very folder into the predictor's container, and a new one would not be seen there.
 * `lsf` does not notice where its output goes to a disk that is full: `cat` does, and no part of a listing counts as all of it.
 */
const syncData = `\
${tellingFailure('sync-data', 'data')}\
${withEnvironment}\
rm -rf "$MILLRACE_DATA/raw"
mkdir -p "$MILLRACE_DATA/raw"
rm -f "$MILLRACE_DATA/listing.code"
{
  code=0
  rclone $MILLRACE_RCLONE_FLAGS lsf data: -R --files-only --filter-from "$MILLRACE_RCLONE/data.filter" || code=$?
  echo "$code" > "$MILLRACE_DATA/listing.code"
} | cat > "$MILLRACE_DATA/listing.txt"
read -r code < "$MILLRACE_DATA/listing.code"
if [ "$code" != 0 ]; then exit "$code"; fi
if [ -s "$MILLRACE_DATA/listing.txt" ]; then
  rclone $MILLRACE_RCLONE_FLAGS copy data: "$MILLRACE_DATA/raw" --files-from-raw "$MILLRACE_DATA/listing.txt"
else
  echo "Nothing was found at the data source: there is nothing to copy."
fi
`;

/** Copies a model that is a folder, straight to where the predictor reads it. */
const syncModelDirectory = `\
${tellingFailure('sync-model', 'model')}\
${withEnvironment}\
rclone $MILLRACE_RCLONE_FLAGS copy model: "$MILLRACE_MODEL"
`;

/** Copies a model that is one archive; validate-input unpacks it. */
const syncModelArchive = `\
${tellingFailure('sync-model', 'model')}\
${withEnvironment}\
rclone $MILLRACE_RCLONE_FLAGS copy model: "$MILLRACE_MODEL_RAW" --filter-from "$MILLRACE_RCLONE/model.filter"
`;

const syncModelEmbedded = `\
echo "The model is part of the image: there is nothing to copy."
`;

/**
 * Publishes. What our own steps published for an earlier run goes first, `_SUCCESS` before all others, and the new
 * markers come last, so that whoever waits for `_SUCCESS` finds everything of its run, and markers, report, feedback
 * and quarantine of that run only. Results that the predictor wrote in earlier runs stay (layout `exact`), since they
 * may be others' too: `_MANIFEST.json` is the list of this run's results. Always copies and never compares
 * (`--ignore-times`): a store without hashes would take a new file of the same size for the old one.
 */
const syncOutput = `\
${tellingFailure('sync-output', 'results')}\
${withEnvironment}\
found=\`rclone $MILLRACE_RCLONE_FLAGS lsf output: --filter "+ /_{SUCCESS,MANIFEST.json,FAILED.json}" --filter "+ /_{report,feedback,quarantine}/**" --filter "- **"\`
for name in _SUCCESS _MANIFEST.json _FAILED.json _report/ _feedback/ _quarantine/; do
  case "$found" in *"$name"*) rclone $MILLRACE_RCLONE_FLAGS delete "output:$name" ;; esac
done
for folder in "$MILLRACE_PUBLISH" "$MILLRACE_REPORT/upload" "$MILLRACE_QUARANTINE"; do
  if [ -d "$folder" ]; then rclone $MILLRACE_RCLONE_FLAGS copy "$folder" output: --ignore-times; fi
done
code=0
if [ -f "$MILLRACE_CONTROL/exit-code" ]; then read -r code < "$MILLRACE_CONTROL/exit-code" || :; fi
final="$MILLRACE_REPORT/final"
if [ ! -f "$final/_MANIFEST.json" ] && [ ! -f "$final/_FAILED.json" ]; then
  echo "Neither _MANIFEST.json nor _FAILED.json is there: log-output did not finish, so this run cannot be marked as complete." >&2
  if [ "$code" = 0 ]; then code=1; fi
  told=yes
  exit "$code"
fi
for marker in _MANIFEST.json _FAILED.json _SUCCESS; do
  if [ -f "$final/$marker" ]; then rclone $MILLRACE_RCLONE_FLAGS copy "$final/$marker" output: --ignore-times; fi
done
told=yes
exit "$code"
`;

export const programs = { syncData, syncModelDirectory, syncModelArchive, syncModelEmbedded, syncOutput } as const;

/** Their names in the runtime's ConfigMap, and so under `mountPaths.runtime`. */
export const programFiles = {
  syncData: 'sync-data.sh',
  syncModelDirectory: 'sync-model-directory.sh',
  syncModelArchive: 'sync-model-archive.sh',
  syncModelEmbedded: 'sync-model-embedded.sh',
  syncOutput: 'sync-output.sh',
} as const satisfies Readonly<Record<keyof typeof programs, string>>;

/** The same programs by those names. */
export const programTexts: Readonly<Record<string, string>> = {
  [programFiles.syncData]: syncData,
  [programFiles.syncModelDirectory]: syncModelDirectory,
  [programFiles.syncModelArchive]: syncModelArchive,
  [programFiles.syncModelEmbedded]: syncModelEmbedded,
  [programFiles.syncOutput]: syncOutput,
};
