/** Mixed bits: the projections whose rounding to int4 costs most keep int8 (docs/methods.md). */
import { z } from "zod";
import { counted } from "../contract/words/figures.ts";
import type { ChangeSpec } from "./method.ts";

/** The projections into a half of a block, or out of it. `block`: its index in the model before the cut. */
const RaisedPart = z.object({
  block: z.number().int().nonnegative(),
  half: z.enum(["attention", "mlp"]),
  end: z.enum(["in", "out"]),
});
export type RaisedPart = z.infer<typeof RaisedPart>;

/** `share`: the most bytes that they add to all blocks, as a share. */
const Settings = z.strictObject({ share: z.number().min(0.01).max(0.8).default(0.1) });
export type MixedBits = z.infer<typeof Settings>;

/** The projections that were tried with int8, out of `of`, and the bytes that they add. */
const Result = z.object({ raised: z.array(RaisedPart), of: z.number(), moreBytes: z.number() });
export type MixedBitsResult = z.infer<typeof Result>;

/** Products of a block of most architectures: into the attention and out of it, into the MLP and out of it. */
const PRODUCTS_PER_BLOCK = 4;

export const mixedBits: ChangeSpec<MixedBits, MixedBitsResult> = {
  id: "mixed-bits",
  kind: "chat",
  settings: Settings,
  main: "share",
  result: Result,
  applies: (precision) => precision === "int4",
  // Each product of a block is tried in turn, and the layers above it computed; and one pass more, and one from block to block.
  cost: ({ blocks, calibration }) => ({
    kind: "scan",
    passes: PRODUCTS_PER_BLOCK * blocks + 4,
    blocks: (blocks + 1) / 2,
    tokens: calibration,
  }),
  moreBytes: ({ share }) => share,
  scans: true,
  text: {
    en: {
      name: "Mixed bits",
      hint: "Keeps 8 bits for the projections whose rounding to 4 bits costs most on the validation rows; exports use the types of their own programs.",
      setting: "Share of extra bytes",
      needs: "the weights in chat must be int4",
      lines: ({ raised, of, moreBytes }, { number, bytes }) =>
        raised.length === 0
          ? ["No projection keeps more than 4 bits in chat: none makes the rounded weights better."]
          : [
              `In chat, ${number(raised.length)} of ${number(of)} projections ${raised.length === 1 ? "keeps" : "keep"} 8 bits, which takes ${bytes(moreBytes)} more: ${raisedText(raised)}.`,
            ],
    },
    de: {
      name: "Gemischte Bits",
      hint: "Behält 8 Bit für die Projektionen, deren Rundung auf 4 Bit bei den Validierungszeilen am meisten kostet; Exporte verwenden die Typen ihrer Programme.",
      setting: "Anteil zusätzlicher Bytes",
      needs: "die Gewichte im Chat müssen 4 Bit haben (int4)",
      lines: ({ raised, of, moreBytes }, { number, bytes }) =>
        raised.length === 0
          ? ["Im Chat behält keine Projektion mehr als 4 Bit: Keine macht die gerundeten Gewichte besser."]
          : [
              `Im Chat ${raised.length === 1 ? "behält" : "behalten"} ${number(raised.length)} von ${number(of)} Projektionen 8 Bit, was ${bytes(moreBytes)} mehr braucht: ${raisedInGerman(raised)}.`,
            ],
    },
  },
  card: ({ raised, of }) =>
    `int8 for ${raised.length} of ${counted(of, "projection")}: ${raisedText(raised)}`,
};

interface RaisedGroup extends Omit<RaisedPart, "block"> {
  /** Counted from 1, each once. */
  readonly blocks: readonly number[];
}

/** Grouped by kind, in the order within a block. */
function raisedGroups(raised: readonly RaisedPart[]): RaisedGroup[] {
  const kinds = (["attention", "mlp"] as const).flatMap((half) =>
    (["in", "out"] as const).map((end) => ({ half, end })),
  );
  return kinds.flatMap(({ half, end }) => {
    const own = raised.filter((part) => part.half === half && part.end === end);
    const blocks = [...new Set(own.map(({ block }) => block + 1))].sort((a, b) => a - b);
    return blocks.length > 0 ? [{ half, end, blocks }] : [];
  });
}

/** "into the attention of block 1, out of the MLP of blocks 2 and 5" */
const raisedText = (raised: readonly RaisedPart[]): string =>
  raisedGroups(raised)
    .map(({ half, end, blocks }) => {
      const name = half === "mlp" ? "MLP" : "attention";
      const of = blocks.length === 1 ? `block ${blocks[0]}` : `blocks ${joined(blocks, "and")}`;
      return `${end === "in" ? "into" : "out of"} the ${name} of ${of}`;
    })
    .join(", ");

const raisedInGerman = (raised: readonly RaisedPart[]): string =>
  raisedGroups(raised)
    .map(({ half, end, blocks }) => {
      const ways = {
        attention: { in: "in die Attention", out: "aus der Attention" },
        mlp: { in: "in das MLP", out: "aus dem MLP" },
      };
      const of = blocks.length === 1 ? `von Block ${blocks[0]}` : `der Blöcke ${joined(blocks, "und")}`;
      return `${ways[half][end]} ${of}`;
    })
    .join(", ");

const joined = (numbers: readonly number[], and: string): string =>
  `${numbers.slice(0, -1).join(", ")} ${and} ${numbers.at(-1)}`;
