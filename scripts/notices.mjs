// The licences of what is bundled into lib/, collected from the packages themselves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages below node_modules that a bundle holds, by name. */
export function bundledPackages({ outputs }) {
  const folders = new Set();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (found && bytesInOutput > 0) folders.add(found[1]);
    }
  }
  return [...folders]
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .map(({ folder, name, version, license }) => ({ folder, name, version, license }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes `lib/THIRD-PARTY-NOTICES.txt` for bundles, by their metafiles. */
export function writeNotices(metafiles) {
  const packages = new Map(metafiles.flatMap(bundledPackages).map((each) => [`${each.name} ${each.version}`, each]));
  const notices = [...packages.values()].map(({ folder, name, version, license }) => {
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}, ${license}\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package holds no text of its licence.'}\n`;
  });
  writeFileSync('lib/THIRD-PARTY-NOTICES.txt', `lib/ holds parts of these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
}
