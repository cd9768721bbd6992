// A predictor that does what its mode says, and answers each request.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';

const { MODE: mode = 'answer', ODAHU_MODEL_INPUT: input, ODAHU_MODEL_OUTPUT: output } = process.env;

function tryToWrite(folder) {
  try {
    writeFileSync(`${folder}/probe`, '');
    rmSync(`${folder}/probe`);
    return true;
  } catch {
    return false;
  }
}

function lookAround() {
  const status = Object.fromEntries(
    readFileSync('/proc/self/status', 'utf8')
      .split('\n')
      .map((line) => line.split(/:\s*/)),
  );
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'];
  const shm = statfsSync('/dev/shm');
  const folders = ['/', '/etc', '/run', '/var', '/opt/app', '/usr/bin', '/mnt', '/mnt/job', input, '/mnt/job/model', output, '/tmp', '/dev/shm'];
  return {
    user: [process.getuid(), process.getgid()],
    capabilities: [status.CapEff, status.CapPrm, status.CapBnd].map((bits) => BigInt(`0x${bits}`).toString()),
    noNewPrivileges: status.NoNewPrivs,
    seccomp: status.Seccomp,
    writable: folders.filter((folder) => existsSync(folder) && tryToWrite(folder)),
    seen: ['/mnt/job', '/var/run/millrace', '/opt/millrace', '/tekton', '/mnt/store']
      .filter(existsSync)
      .map((path) => [path, readdirSync(path).sort()]),
    memory: limits.filter(existsSync).map((path) => readFileSync(path, 'utf8').trim()),
    shm: shm.blocks * shm.bsize,
    args: process.argv.slice(2),
    environment: Object.keys(process.env)
      .filter((name) => /^(ODAHU|MILLRACE|RCLONE|HOME$|.*_PROXY$|.*_proxy$)/.test(name))
      .sort(),
    interfaces: readFileSync('/proc/net/dev', 'utf8')
      .match(/^ *\w+(?=:)/gm)
      .map((name) => name.trim()),
  };
}

switch (mode) {
  case 'look':
    console.log(JSON.stringify(lookAround()));
    break;
  case 'exit':
    process.exit(42);
    break;
  case 'memory': {
    const kept = [];
    for (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
  case 'forever':
    console.log('it runs');
    execFileSync('sleep', ['600']);
    break;
}

for (const name of readdirSync(input)) {
  const { id, inputs } = JSON.parse(readFileSync(`${input}/${name}`, 'utf8'));
  const [{ data }] = inputs;
  const response = { id, model_name: 'fraud', outputs: [{ name: 'first', shape: [data.length], datatype: 'FP64', data }] };
  writeFileSync(`${output}/${name}`, JSON.stringify(response));
}
