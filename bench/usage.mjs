// Preloaded into a measured process: writes its peak memory (KiB) when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.MILLRACE_BENCH_USAGE, String(process.resourceUsage().maxRSS));
});
