/**
 * Everything that can go wrong for a person, as one closed union: a code, and the figures and names for a sentence about it.
 * Thrown as `AppError` where those are known; caught only at the edge of a process, and sent across it as data. Bugs are not
 * failures: they stay ordinary errors and reach the edge as `internal`.
 */
import { z } from "zod";
import { said } from "./codes.ts";
import { fileReasonOf } from "./file-reasons.ts";
import type { FileReasons } from "./file-reasons.ts";

const path = z.string();
const bytes = z.number().nonnegative();

/** Why a part of a JSON schema, or of another limit on answers, cannot be used. */
const SchemaProblem = z.enum([
  /** A keyword that Coppice does not support. */
  "keyword",
  /** A keyword's value is of another form than it must be. */
  "value",
  /** A reference that leads out of the schema, or to nothing. */
  "reference",
  /** A schema that refers only to itself. */
  "recursion",
  /** `oneOf` with schemas that a value could meet together. */
  "overlap",
  /** A regular expression that no automaton expresses. */
  "pattern",
  "too-large",
  /** No finite value satisfies it. */
  "nothing",
]);
export type SchemaProblem = z.infer<typeof SchemaProblem>;

/** What may be missing. */
const Thing = z.enum([
  ...["file", "file or folder", "folder of Coppice", "settings file", "database"],
  ...["model", "model file, folder or run", "chat model", "configuration", "tokenizer"],
  ...["data set", "test data", "test set", "question", "writing"],
  ...["conversation", "message", "answer", "correction"],
] as const);
export type Thing = z.infer<typeof Thing>;

/** What can go wrong with models, files and the machine. */
export const ModelFailure = z.discriminatedUnion("code", [
  /**
   * A file that is not what it claims to be. `section` and `reason`: which part of its format is wrong, and how, in the format's own terms.
   * They are for whoever reports or repairs the file, and the same in every language.
   */
  z.object({ code: z.literal("corrupt-file"), path, section: z.string(), reason: z.string() }),
  z.object({ code: z.literal("not-found"), path, what: Thing }),
  z.object({ code: z.literal("unreadable"), path, reason: said<FileReasons>() }),
  z.object({ code: z.literal("unwritable"), path, reason: said<FileReasons>() }),
  z.object({ code: z.literal("unsupported-format"), path, supported: z.array(z.string()) }),
  /** A model in several files, of which one was not found. `part` counts from 1. */
  z.object({ code: z.literal("missing-part"), path, part: z.number(), parts: z.number() }),
  /** A file of Python's pickle format: opening it could run any program. */
  z.object({ code: z.literal("pickle"), path }),
  /** An adapter (LoRA) without the model that it changes. */
  z.object({ code: z.literal("adapter-only"), path }),
  /** A folder with a model and an adapter (LoRA) that is not merged into it. Programs with the PEFT library would apply it. */
  z.object({ code: z.literal("unmerged-adapter"), path }),
  /** Weights that another program has quantised in a way that Coppice does not read. */
  z.object({ code: z.literal("unsupported-quantisation"), path, method: z.string() }),
  z.object({
    code: z.literal("unsupported-architecture"),
    modelType: z.string(),
    supported: z.array(z.string()),
  }),
  /**
   * A program cannot load a model of this many blocks: it has no form for half blocks, or cannot express which kinds of blocks are left.
   * `nearest`: the nearest depth that it can load, as a choice of a plan, or by its name in a run, with what was measured.
   */
  z.object({
    code: z.literal("not-expressible"),
    program: z.string(),
    blocks: z.number(),
    reason: z.enum(["half-blocks", "kinds", "no-attention"]),
    nearest: z
      .object({
        blocks: z.number(),
        name: z.string().optional(),
        accuracy: z.number().nullish(),
        tokensPerSecond: z.number().nullish(),
      })
      .nullish(),
  }),
  z.object({
    code: z.literal("unsupported-tensor-type"),
    path,
    tensor: z.string(),
    type: z.string(),
    supported: z.array(z.string()),
  }),
  z.object({ code: z.literal("unsupported-tokenizer"), kind: z.string(), supported: z.array(z.string()) }),
  z.object({ code: z.literal("missing-tensors"), path, tensors: z.array(z.string()) }),
  z.object({ code: z.literal("not-finite"), path, tensor: z.string() }),
  /** A single weight is larger than a buffer may be. */
  z.object({
    code: z.literal("weight-too-large"),
    path,
    tensor: z.string(),
    bytes: z.number(),
    limitBytes: z.number(),
  }),
  /** An answer cannot be held to a JSON schema, pattern or list of choices. `place`: a JSON pointer; `keyword`: what is refused there. */
  z.object({
    code: z.literal("unsupported-schema"),
    place: z.string(),
    keyword: z.string(),
    problem: SchemaProblem,
  }),
  /** `reason`: of the template itself, of the library that reads it, or the limit that it exceeds; the same in every language. */
  z.object({ code: z.literal("template-failed"), reason: z.string() }),
  /** Long texts rotate the model's keys by other angles, which stored keys cannot follow; or its tokenizer has no tokens for bytes. */
  z.object({ code: z.literal("unsuited-model"), to: z.enum(["stored-prompt", "smaller-vocabulary"]) }),
  z.object({ code: z.literal("not-enough-memory"), neededBytes: bytes, freeBytes: bytes }),
  z.object({ code: z.literal("not-enough-disk"), path, neededBytes: bytes, freeBytes: bytes }),
  /** `neededBytes`: the remaining bytes of the file, if known. */
  z.object({ code: z.literal("disk-full"), path, neededBytes: bytes.optional() }),
  z.object({ code: z.literal("model-changed"), path }),
  /** Training diverged (the loss is NaN): the learning rate is too high for this model. */
  z.object({ code: z.literal("diverged"), step: z.number() }),
  z.object({ code: z.literal("context-full"), tokens: z.number(), limit: z.number() }),
  z.object({ code: z.literal("cancelled") }),
  z.object({ code: z.literal("internal"), message: z.string() }),
]);

/** The failures of all other areas, which preload/contract/failures/failure.ts declares here: this layer need not know them. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Declared there.
export interface OtherFailures {}

export type Failure = z.infer<typeof ModelFailure> | OtherFailures[keyof OtherFailures];

/** The error that carries a `Failure`; its message is for logs, a person reads `sentence(failure)`. */
export class AppError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${JSON.stringify(failure)}`);
    this.name = "AppError";
    this.failure = failure;
  }
}

/** Throws a `Failure`. */
export function fail(failure: Failure): never {
  throw new AppError(failure);
}

/** The failure of any thrown value: its own, the disk's or the file's by errno, or `internal`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  const { code, path: file = "" } = (error ?? {}) as { code?: string; path?: string };
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return { code: "disk-full", path: file };
    case "ENOENT":
      return { code: "not-found", path: file, what: "file" };
    case "EROFS":
    case "EBUSY":
    case "EACCES":
    case "EPERM":
      return {
        code: "unwritable",
        path: file,
        reason: fileReasonOf({ code, message }, { EACCES: "no-using", EPERM: "no-using" }),
      };
    default:
      return { code: "internal", message };
  }
}
