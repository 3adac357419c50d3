/** Projections that keep more bits, grouped and in English, for the command line, reports and cards. */
import type { RaisedPart } from "../runs/run.ts";

/** Raised projections of one kind. `blocks`: the numbers of their blocks, counted from 1. */
export interface RaisedGroup extends Omit<RaisedPart, "block"> {
  readonly blocks: readonly number[];
}

/** Raised projections grouped by kind, in the order within a block; each group names a block once. */
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
