/**
 * The strongly connected components of a directed graph (Tarjan): two nodes are in one component where each can be reached
 * from the other. Linear in nodes and edges, and without recursion, so that a chain may be as long as it likes.
 *
 * @param successors of each node, by its number
 * @returns the component of each node, by a number of its own
 */
export function strongComponents(successors: readonly (readonly number[])[]): readonly number[] {
  const size = successors.length;
  const order = new Array<number>(size).fill(unseen);
  const lowest = new Array<number>(size).fill(unseen);
  const component = new Array<number>(size).fill(unseen);
  const next = new Array<number>(size).fill(0);
  const open: number[] = [];
  let seen = 0;
  let found = 0;
  const enter = (node: number, path: number[]): void => {
    order[node] = lowest[node] = seen;
    seen += 1;
    open.push(node);
    path.push(node);
  };
  for (let root = 0; root < size; root += 1) {
    if (order[root] !== unseen) continue;
    const path: number[] = [];
    enter(root, path);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const position = next[node] ?? 0;
      const target = successors[node]?.[position];
      if (target !== undefined) {
        next[node] = position + 1;
        if (order[target] === unseen) enter(target, path);
        else if (component[target] === unseen) lowest[node] = Math.min(lowest[node] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lowest[parent] = Math.min(lowest[parent] ?? 0, lowest[node] ?? 0);
      if (lowest[node] !== order[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        component[member] = found;
        if (member === node) break;
      }
      found += 1;
    }
  }
  return component;
}

const unseen = -1;
