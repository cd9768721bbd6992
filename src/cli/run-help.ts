export const runUsage = 'millrace run TEAM/NAME --store DIR [--exec [--exec-map FOLDER=DIR…]] [--request FILE | --schedule NAME] [options]';

export const runHelp = `Runs the job of a service on this machine: the nine steps of the Task that synth writes, in their order,
with the real rclone, the runtime of the cluster and the predictor as a container, or with --exec as a process.

usage: ${runUsage}

  --store DIR           folders in place of the stores: DIR/raw/fraud/in/ is the path fraud/in/ of connection raw
  --request FILE        start it by this job body, as the listener would; - reads standard input. Without it, by the
                        service's own defaults
  --schedule NAME       start what this schedule of the service would start, by its request and with its dates filled
  --at TIME             with --schedule: for this time, such as 2026-11-22T01:00Z; default: now
  --param NAME=VALUE    without --request: the value of a param of the service; may be given several times
  --caller NAME         who sends the request; default: the first caller of the service
  --job-id NAME         the job's name; default: NAME--local
  --work DIR            where the volumes of the job are; default: .millrace-run/<job> in the repository
  --keep                keep the volumes of a run that succeeded; those of one that failed are always kept
  --root DIR            the repository
  --no-color            no colours

with containers:

  --containers WHICH    predictor (the default): the other steps are processes; all: each step in its own image
  --container-engine E  docker, podman or nerdctl; default: the first of them that is on PATH and answers
  --image IMAGE         the predictor's image in place of the service's, for example one that you have just built
  --network NAME        a network of the engine, or none; default: the engine's usual one
  --no-gpu              without the GPUs that the service asks for

with processes:

  --exec                run the predictor as a process of this machine
  --exec-map FOLDER=DIR a folder of the service's image that is DIR here, for its command, arguments and environment;
                        may be given several times

Needed on PATH: rclone 1.75 or later (not with --containers all), and a container engine or, with --exec, the program of
the service's command.

A container has what the Task says: image, command, environment, mounts, a read-only root, its user, no capabilities,
limits of memory and CPU. What is not as on a cluster: its network is the engine's, and volumes on disk have no limit;
the signature of a request is not checked; no Secret is read. With --exec, the predictor has your own rights, so nothing
isolates it from your files and the network, and nothing is limited. A process gets a clean environment: PATH, HOME and
TMPDIR of its own, and what the Task says. More in docs/run.md.

Ctrl-C, SIGTERM and SIGHUP end at once all that the run has started, containers too; nothing more is published.

exit codes: 0 the job succeeded, 1 it failed or could not start, 2 wrong usage, 3 a bug in millrace,
            130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP

examples:
  millrace run risk/fraud-scorer --store examples/fraud/store --exec --exec-map /opt/app=examples/fraud
  millrace run risk/fraud-scorer --store examples/fraud/store --schedule nightly --at 2026-11-22T02:00+01:00
  millrace run risk/fraud-scorer --store examples/fraud/store --image fraud:dev --network none
`;
