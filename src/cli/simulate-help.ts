export const simulateUsage = 'millrace simulate TEAM/NAME --body FILE [--caller NAME] [--header NAME=VALUE…] [options]';

export const simulateHelp = `Says what the listener of a service would do with a request: prints the TaskRun that it would create, or which
rule refuses the request and why. On a cluster the caller learns neither: it gets 202 in both cases. Needs no cluster:
the objects of dist/ are carried out as Tekton Triggers would.

usage: ${simulateUsage}

  --body FILE           the body of the request, a JSON file; - reads standard input
  --caller NAME         who sends it; without it, every caller is tried
  --header NAME=VALUE   a header of the request; may be given several times
  --path PATH           path and query of the URL; default: that of the listener which the caller posts to
  --key-file FILE       the caller's key, byte for byte as it is in its Secret: the signature or token of the request
                        (--header) is checked with it. Without it, the caller counts as authenticated
  --root DIR            the repository
  --format json         the answer for each caller as JSON; also: github, sarif for what refuses the request
  --no-color            no colours

A run without a requestId has no name yet: the API server makes one of generateName. With one, a second request creates
nothing while the run is there; what is there is not known here.

exit codes: 0 a run would be created, 1 none would be, 2 wrong usage, 3 a bug in millrace

examples:
  millrace simulate risk/fraud-scorer --body job.json
  millrace simulate risk/fraud-scorer --body job.json --caller airflow --format json
  jq '.spec.requestId = "r-2"' job.json | millrace simulate risk/fraud-scorer --body -
  millrace simulate risk/fraud-scorer --body job.json --caller airflow --key-file key \\
    --header "X-Hub-Signature-256=sha256=$(openssl dgst -sha256 -hmac "$(cat key)" -r job.json | cut -d' ' -f1)"
`;
