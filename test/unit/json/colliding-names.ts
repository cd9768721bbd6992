/** FNV-1a, as any table without a secret might have it. */
export function fnv(name: string, start = 0x811c9dc5): number {
  let state = start | 0;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193);
  return state;
}

/** Names of one length and one FNV-1a, 2 to the power of `blocks`: of each block there are two that lead to the same state. */
export function colliding(blocks: number): readonly string[] {
  let names = [''];
  for (let block = 0; block < blocks; block += 1) {
    const pair = pairFrom(fnv(names[0] ?? ''));
    names = names.flatMap((name) => pair.map((part) => name + part));
  }
  return names;
}

/** Two parts of eight digits that lead from a state to the same one. */
function pairFrom(state: number): readonly string[] {
  const found = new Map<number, string>();
  for (let index = 0; ; index += 1) {
    const part = Math.imul(index, 0x9e3779b1).toString(16).replace('-', '').padStart(8, '0');
    const reached = fnv(part, state);
    const other = found.get(reached);
    if (other !== undefined && other !== part) return [other, part];
    found.set(reached, part);
  }
}
