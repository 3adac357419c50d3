/** Corrections: answers of a run's model that a person marked as wrong, each with the right one. */
import { z } from "zod";
import { Message } from "../data/data.ts";

/** The parts of a run's data that measure it: a question in one of them is never trained on. */
export const HeldOutSplit = z.enum(["test", "valid", "offDomain"]);
export type HeldOutSplit = z.infer<typeof HeldOutSplit>;

/** What the person writes: the right answer and, optionally, the passage that supports it. */
export const CorrectionText = z.object({
  right: z.string().trim().min(1).max(50_000),
  passage: z.string().trim().max(50_000).default(""),
});
export type CorrectionText = z.infer<typeof CorrectionText>;

/** A stored correction. */
export const Correction = CorrectionText.extend({
  id: z.number(),
  /** The run whose model answered. */
  run: z.string(),
  /** The answer in its conversation; null once that is deleted. */
  message: z.number().nullable(),
  /** The messages before the answer: the system prompt and the conversation up to the question. */
  before: z.array(Message).min(1),
  wrong: z.string(),
  /** The held-out split that contains this question, or a text with a sentence of its answer, so that it is not trained on; or null. */
  heldOut: HeldOutSplit.nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Correction = z.infer<typeof Correction>;

/** With fewer corrections than this an improvement mostly learns their wording: docs/decisions/0041-corrections.md. */
export const ENOUGH_CORRECTIONS = 3;
