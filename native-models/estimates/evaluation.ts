/** The memory and disk space of measuring a model. */
import { PASS_TOKENS } from "../training/batch.ts";
import type { ModelShape } from "./shape.ts";
import { processBytes } from "./bytes.ts";
import { streamBytes, sessionBytes, graphsOf } from "./sessions.ts";
import type { Session } from "./sessions.ts";
import { frozenBytes, streamedFileBytes } from "./frozen.ts";
import type { BaseShape } from "./frozen.ts";
import { chatWeightBytes } from "./chat.ts";

/**
 * Peak memory of measuring a model whose weights are stored as `base`, in bytes. `forms`: in how many ways its matrices are stored, each
 * with sessions of its own.
 */
export function evaluationMemoryBytes(
  model: ModelShape,
  maxTokens: number,
  base: BaseShape,
  { forms = 1 } = {},
): number {
  const pass = { tokens: PASS_TOKENS, maxTokens };
  const kinds = graphsOf(model, base.storage, { kind: "none" });
  const sessions = kinds.flatMap(({ forward }) =>
    Array.from({ length: forms }, (): Session => ({ graph: forward, pass })),
  );
  const inside = sessionBytes(model, sessions, 1);
  return processBytes(model) + frozenBytes(model, base) + 3 * streamBytes(model, pass) + inside;
}

/** Temporary disk space of measuring a model, in bytes: a streamed base, then the weights of its chat model. */
export function evaluationDiskBytes(model: ModelShape, base: BaseShape): number {
  return Math.max(streamedFileBytes(model, base), chatWeightBytes(model));
}
