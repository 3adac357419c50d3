/** The passport of a model that is handed on in one file: what it is, how good, what it learnt from, and the hashes of its files. */
import { z } from "zod";
import { MaskedKind } from "../data/personal.ts";
import { UnitKind } from "../plans/plan.ts";
import { ExportedFile } from "../runs/exporting.ts";
import { VERDICTS } from "../runs/verdicts.ts";

const Line = z.string().max(300);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.number().int().nonnegative();
/** Answers out of `of`. */
const Answers = z.object({ count: Count, of: Count });

/** How many files of a data set, and how many data sets, a passport names at most. */
export const MOST_NAMED = { files: 100, dataSets: 10 };

/** Data that the model learnt from, or was measured on. */
const PassportData = z.object({
  name: Line,
  /** SHA-256 over its rows. */
  rowsHash: Line,
  rows: z.object({ train: Count, valid: Count, test: Count }),
  /** Null: nothing was masked. */
  masked: z.array(MaskedKind).nullable(),
  /** The files that it was read from; `sha256` is null for one that has changed since, or is gone. */
  files: z.array(z.object({ name: Line, sha256: Sha256.nullable() })).max(MOST_NAMED.files),
  moreFiles: Count,
});

export const Passport = z.object({
  /** The version of Coppice that wrote it. */
  coppice: Line,
  madeAt: z.iso.datetime(),
  model: z.object({
    name: Line,
    base: Line,
    licence: Line.nullable(),
    unit: UnitKind,
    units: Count,
    /** Of how many; null if the run was not finished. */
    of: Count.nullable(),
  }),
  /** Null: the run was not finished, so nothing was measured. */
  measured: z
    .object({
      verdict: z.enum(VERDICTS),
      /** Null without questions or answers to count; `before`: of the original model. */
      headline: z
        .object({ kind: z.enum(["right", "match"]), now: Answers, before: Answers.nullable() })
        .nullable(),
      perplexity: z.number().nullable(),
      timesAsFast: z.number().nullable(),
    })
    .nullable(),
  /** That of its run first, then that of the runs which it improved. */
  data: z.array(PassportData).max(MOST_NAMED.dataSets),
  /** All files of the model, in the order in which they are packed. */
  files: z.array(ExportedFile.extend({ name: Line, sizeBytes: Count, sha256: Sha256 })).max(1000),
});
export type Passport = z.infer<typeof Passport>;

/** A handed-on model whose signature and bytes were checked. */
export const CheckedParcel = z.object({
  /** SHA-256 of what is signed. */
  id: Sha256,
  /** Of the key that signed it. */
  fingerprint: z.string(),
  sizeBytes: z.number(),
  passport: Passport,
});
export type CheckedParcel = z.infer<typeof CheckedParcel>;
