import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Everything below a folder: path -> text, `-> target` for a link, `dir` for a folder with nothing in it. */
export function treeOf(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const visit = (path: string): void => {
    const names = readdirSync(join(root, path));
    if (names.length === 0 && path !== '') tree[path] = 'dir';
    for (const name of names) {
      const below = path === '' ? name : `${path}/${name}`;
      const stat = lstatSync(join(root, below));
      if (stat.isDirectory()) visit(below);
      else
        tree[below] = stat.isSymbolicLink()
          ? `-> ${readlinkSync(join(root, below))}`
          : stat.isFile()
            ? readFileSync(join(root, below), 'utf8')
            : 'special';
    }
  };
  visit('');
  return tree;
}

export function writeTree(root: string, tree: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
