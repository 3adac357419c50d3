/** Models that write questions from documents, and how well models of their size do, as far as measured (docs/quality-of-questions.md). */
import { z } from "zod";
import { countText } from "../words/figures.ts";

/** What a model's size says about its questions: `too-small` and `small` as measured below, `unmeasured` if it is larger. */
const WriterSize = z.enum(["too-small", "small", "unmeasured"]);
type WriterSize = z.infer<typeof WriterSize>;

/** Questions that two models wrote from English texts, those that passed the checks, and those that a reader found right: docs/quality-of-questions.md. */
export const MEASURED_WRITERS = {
  "too-small": { parameters: 494e6, written: 30 },
  small: { parameters: 1.5e9, written: 1699, kept: 604, right: 503, german: { kept: 7, right: 3 } },
} as const;

const FEWEST_PARAMETERS = 1e9;
const MEASURED_PARAMETERS = 2e9;

export function writerSizeOf(parameters: number): WriterSize {
  if (parameters < FEWEST_PARAMETERS) return "too-small";
  return parameters < MEASURED_PARAMETERS ? "small" : "unmeasured";
}

/** A chat model on this computer. */
export const KnownWriter = z.object({ path: z.string(), name: z.string(), parameters: z.number() });
export type KnownWriter = z.infer<typeof KnownWriter>;

/** A chosen writer. If it is small, `larger` is the best one on this computer, if that is larger (main/services/questions/best-writer.ts). */
export const Writer = z.object({
  parameters: z.number(),
  size: WriterSize,
  larger: KnownWriter.nullable(),
});
export type Writer = z.infer<typeof Writer>;

/** What was measured with a model of this size, in English. */
export function measuredWriterText(size: keyof typeof MEASURED_WRITERS): string {
  const { parameters, written } = MEASURED_WRITERS[size];
  const all = `Of ${written} questions that a model with ${countText(parameters)} wrote`;
  if (size === "too-small") return `${all} in our test, none passed the checks.`;
  const { kept, right, german } = MEASURED_WRITERS.small;
  return (
    `${all} from English texts in our test, ${kept} passed the checks, and ${right} of those were right; ` +
    `of ${german.kept} from German ones, ${german.right} were. Look through all of them.`
  );
}

/** What to say before this model writes, in English; nothing if it is large enough. */
export function writerSentences({ parameters, size, larger }: Writer): string[] {
  if (size === "unmeasured") return [];
  return [WRITER_SIZES[size](countText(parameters)), larger === null ? NO_LARGER : largerText(larger)];
}

const WRITER_SIZES = {
  "too-small": (parameters: string) =>
    `This model has ${parameters} parameters, too few to write usable questions. ${measuredWriterText("too-small")}`,
  small: (parameters: string) =>
    `This model has ${parameters} parameters, few for writing questions. ${measuredWriterText("small")}`,
};
const NO_LARGER = "No larger chat model that fits its memory was found on this computer.";
const largerText = ({ name, parameters }: KnownWriter) =>
  `Better: "${name}" (${countText(parameters)}), the largest chat model on this computer that fits its memory.`;
