import { clusterHelp } from './with-cluster.js';

export const jobUsage = 'millrace job submit|list|get|logs|delete … [options]';

export const jobHelp = `Starts, lists, shows, follows and deletes jobs on a cluster, with the rights that kubectl has there. TEAM/JOB is a
team and the name of a run; outside of a repository, the namespace stands in the team's place.

usage: ${jobUsage}

  millrace job submit TEAM/NAME [options]
  millrace job list [TEAM[/NAME]] [--caller NAME] [--state STATE[,STATE…]] [--since DURATION]
  millrace job get TEAM/JOB
  millrace job logs TEAM/JOB [--follow] [--step STEP]
  millrace job delete TEAM/JOB --yes [--keep]

submit: the request

  --body FILE           a job body, - for standard input; default: the service's own. The options below win over it
  --data [CONN:]PATH    spec.dataSource
  --output [CONN:]PATH  spec.outputDestination
  --request-id ID       spec.requestId: one id starts one job, however often it is sent
  --param NAME=VALUE    spec.params; may be given several times
  --node-pool NAME      spec.nodePool

submit: the way

  --caller NAME         who sends it; default: the first caller of the service
  --key-file FILE       the caller's key; default: the environment variable MILLRACE_KEY, then the caller's Secret
  --url URL             default: https://<webhook.host of Platform>/TEAM/api/v1/batch/job, or, for a service with a
                        listener of its own, …/TEAM/NAME/api/v1/batch/job
  --ca-file FILE        PEM of the authority of the listener's certificate, besides those that are known (also those
                        of NODE_EXTRA_CA_CERTS). HTTPS_PROXY, HTTP_PROXY and NO_PROXY count
  --send-only           post, and do not look for the run: needs no cluster
  --direct              create the run with your own rights, without a listener; it has no caller but --caller NAME
  --rerun               remove the job of this requestId if it has ended, and start it again

submit: what then (without these: until the run is there)

  --wait                until it has ended
  --logs                the same, with the logs of all steps
  --timeout DURATION    how long to wait: 90m, 4h. The job goes on

submit: many

  --each-prefix PREFIX  one job for this folder below the data; may be given several times
  --each-prefix-file F  one prefix a line; - is standard input
  --parallel N          so many at a time (1 to 64, default 4); with --wait, so many run at a time

list, get, logs, delete

  --namespace NAME      in the place of a team
  --state STATE         waiting, running, succeeded, failed, cancelled, timed-out
  --since DURATION      not older than this: 90m, 24h
  --follow              to the end of the job
  --step STEP           the log of one step, as it is
  --yes                 really stop and delete
  --keep                stop only: the run and its logs stay

all

${clusterHelp}
  --root DIR            the repository
  --format json         one JSON document on standard output
  --no-color            no colours

exit codes: 0 done; 1 refused, not found, or (submit --wait, submit --logs, logs --follow) the job did not succeed;
            2 wrong usage, 3 a bug in millrace, 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP: the job goes on

examples:
  millrace job submit risk/fraud-scorer --data fraud/in/2026-11-22/ --request-id 2026-11-22 --wait
  millrace job submit risk/fraud-scorer --each-prefix-file days.txt --output fraud/out/{prefix}/ --wait --parallel 8
  millrace job list risk --state failed --since 24h
  millrace job logs risk/fraud-scorer--2026-11-22
`;
