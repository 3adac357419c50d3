/** Removes the parts of a grammar that never end or that nothing satisfies, so that whatever is begun can be finished. */
import type { Node, Rule } from "../grammar.ts";

/** Changes the rules; null if nothing is left of `root`. */
export function productive(root: Node, rules: readonly Rule[]): Node | null {
  const ending = new Set<Rule>();
  const ends = (node: Node): boolean => {
    switch (node.kind) {
      case "text":
        return true;
      case "sequence":
        return node.parts.every(ends);
      case "choice":
        return node.options.some(ends);
      case "repeat":
        return node.min === 0 || ends(node.body);
      case "rule":
        return ending.has(node);
    }
  };
  // Rules that were made last are used by those before, so few rounds suffice.
  const backwards = [...rules].reverse();
  for (let before = -1; before < ending.size;) {
    before = ending.size;
    for (const rule of backwards) if (!ending.has(rule) && ends(rule.target!)) ending.add(rule);
  }
  const kept = (node: Node): Node => {
    switch (node.kind) {
      case "text":
      case "rule":
        return node;
      case "sequence":
        return { kind: "sequence", parts: node.parts.map(kept) };
      case "choice":
        return { kind: "choice", options: node.options.filter(ends).map(kept) };
      case "repeat":
        return ends(node.body) ? { ...node, body: kept(node.body) } : { kind: "sequence", parts: [] };
    }
  };
  for (const rule of ending) rule.target = kept(rule.target!);
  return ends(root) ? root : null;
}
