/** What can go wrong with a person's data. */
import { z } from "zod";
import { said } from "../../../native-models/codes.ts";
import type { BadData } from "./bad-data.ts";

/** What there is too little of. */
export interface ScarceData {
  rows: null;
  passages: null;
  corrections: null;
  "training-rows": null;
  /** Rows that go on for so many words. */
  "long-rows": { words: number };
  /** Rows of a split that are in no other one. */
  "own-rows": { split: "train" | "valid" | "test" };
}

export const DataFailure = z.discriminatedUnion("code", [
  /** `line` is 1-based, and absent if the whole file is meant. */
  z.object({
    code: z.literal("bad-data"),
    path: z.string(),
    line: z.number().int().positive().optional(),
    reason: said<BadData>(),
  }),
  /** More text than is held in memory, of this file or of those before it. */
  z.object({ code: z.literal("too-much-data"), path: z.string(), millionCharacters: z.number() }),
  z.object({
    code: z.literal("too-little-data"),
    what: said<ScarceData>(),
    rows: z.number(),
    needed: z.number(),
  }),
]);
