/** Which model writes questions from documents, and how well its size does, as far as it was measured (docs/quality-of-questions.md). */
import { z } from "zod";
import { countText } from "./figures.ts";

/**
 * What the size of a model says of its questions. `too-small`: of 30 that a model with 0.5 billion parameters wrote, none stood the checks.
 * `small`: of 301 by one with 1.5 billion, 121 did, and of 120 that were read, 106 were right. `unmeasured`: larger.
 */
export const WriterSize = z.enum(["too-small", "small", "unmeasured"]);
export type WriterSize = z.infer<typeof WriterSize>;

const FEWEST_PARAMETERS = 1e9;
const MEASURED_PARAMETERS = 2e9;

export function writerSizeOf(parameters: number): WriterSize {
  if (parameters < FEWEST_PARAMETERS) return "too-small";
  return parameters < MEASURED_PARAMETERS ? "small" : "unmeasured";
}

/** A chat model on this computer. */
export const KnownWriter = z.object({ path: z.string(), name: z.string(), parameters: z.number() });
export type KnownWriter = z.infer<typeof KnownWriter>;

/** A chosen writer; `larger`: the best on this computer (main/services/questions/best-writer.ts), if it is larger and the chosen one is small. */
export const Writer = z.object({
  parameters: z.number(),
  size: WriterSize,
  larger: KnownWriter.nullable(),
});
export type Writer = z.infer<typeof Writer>;

/** What to say before such a model writes, in English; nothing of one that is large enough. */
export function writerSentences({ parameters, size, larger }: Writer): string[] {
  if (size === "unmeasured") return [];
  return [WRITER_SIZES[size](countText(parameters)), larger === null ? NO_LARGER : largerText(larger)];
}

const WRITER_SIZES = {
  "too-small": (parameters: string) =>
    `This model has ${parameters} parameters, too few to write usable questions: of 30 that a model with 494 million wrote in our test, none stood the checks.`,
  small: (parameters: string) =>
    `This model has ${parameters} parameters, few for writing questions: of 301 that a model with 1.5 billion wrote from English texts in our test, 120 stood the checks, and 106 of those were right; of 7 from German ones, 3 were. Look through all of them.`,
};
const NO_LARGER = "No larger chat model that fits its memory was found on this computer.";
const largerText = ({ name, parameters }: KnownWriter) =>
  `Better: "${name}" (${countText(parameters)}), the largest chat model on this computer that fits its memory.`;
