/** Projections that keep more bits, in groups and in words; the command line, reports and cards are in English. */
import type { RaisedPart } from "./run.ts";

/** Those of one kind, and the numbers of their blocks, from 1 as a person counts them. */
export interface RaisedGroup extends Omit<RaisedPart, "block"> {
  readonly blocks: readonly number[];
}

/** Projections by what they do, in the order of a block; each block once. */
export function raisedGroups(raised: readonly RaisedPart[]): RaisedGroup[] {
  const kinds = [
    { half: "attention", end: "in" },
    { half: "attention", end: "out" },
    { half: "mlp", end: "in" },
    { half: "mlp", end: "out" },
  ] as const;
  return kinds.flatMap(({ half, end }) => {
    const own = raised.filter((part) => part.half === half && part.end === end);
    const blocks = [...new Set(own.map(({ block }) => block + 1))].sort((a, b) => a - b);
    return blocks.length > 0 ? [{ half, end, blocks }] : [];
  });
}

/** "out of the MLP of blocks 2 and 5, into the attention of block 1" */
export const raisedText = (raised: readonly RaisedPart[]): string =>
  raisedGroups(raised)
    .map(({ half, end, blocks }) => {
      const name = half === "mlp" ? "MLP" : "attention";
      return `${end === "in" ? "into" : "out of"} the ${name} of ${numbered(blocks)}`;
    })
    .join(", ");

function numbered(blocks: readonly number[]): string {
  if (blocks.length === 1) return `block ${blocks[0]}`;
  return `blocks ${blocks.slice(0, -1).join(", ")} and ${blocks.at(-1)}`;
}
