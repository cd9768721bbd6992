import { isMap, isSeq, parseDocument, stringify, type ParsedNode } from 'yaml';

/**
 * A definition with one more item in a list; the list is made where it is missing. In a list of block style nothing
 * else changes, comments included; in one of flow style (`[…]`) the list is written anew.
 *
 * @param text a definition without errors
 * @param path keys to the list, all of them maps but the last
 */
export function insertItem(text: string, path: readonly string[], item: unknown): string {
  const document = parseDocument(text, { version: '1.2' });
  const list = document.getIn(path, true);
  if (isSeq(list) && !list.flow && list.items.length > 0) {
    const first = list.items[0] as ParsedNode;
    const column = first.range[0] - text.lastIndexOf('\n', first.range[0] - 1) - 1;
    // The dash and a blank stand before an item.
    const indent = ' '.repeat(Math.max(0, text.slice(0, first.range[0]).lastIndexOf('-') - (first.range[0] - column)));
    const at = endOf(list.items.at(-1) as ParsedNode, text);
    const lines = stringify([item], { version: '1.2', compat: 'yaml-1.1', lineWidth: 0, flowCollectionPadding: false }).trimEnd().split('\n');
    const written = lines.map((line) => `${indent}${line}\n`).join('');
    const before = text.slice(0, at);
    return `${before}${before.endsWith('\n') ? '' : '\n'}${written}${text.slice(at)}`;
  }
  if (isSeq(list)) list.flow = false;
  if (list === undefined || list === null) document.setIn(path, document.createNode([item]));
  else document.addIn(path, document.createNode(item));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The start of the line after a value, without the comments that follow it. */
function endOf(node: ParsedNode, text: string): number {
  const last = lastLeaf(node);
  const newline = text.indexOf('\n', Math.max(last.range[0], last.range[1] - 1));
  return newline < 0 ? text.length : newline + 1;
}

function lastLeaf(node: ParsedNode): ParsedNode {
  if (isMap(node) && !node.flow) {
    const pair = node.items.at(-1);
    const value = pair?.value ?? pair?.key;
    return value ? lastLeaf(value) : node;
  }
  if (isSeq(node) && !node.flow) {
    const item = node.items.at(-1);
    return item ? lastLeaf(item) : node;
  }
  return node;
}
