/** The programs that exports are tried in, and how what they compute is compared. */

/** The longest text that greedy tokens are compared on. */
export const CONTINUED = 12;

/** A text to go on with. */
export interface Request {
  /** The exported file or folder. */
  readonly path: string;
  readonly ids: readonly number[];
  /** V */
  readonly vocabulary: number;
}

/** What a program computes after a text. */
export interface Answer {
  /** Logits or, of a program that gives none, probabilities. [V] */
  readonly values: Float32Array;
  readonly kind: "logits" | "probabilities";
  /** The `CONTINUED` greedy ids. */
  readonly ids: readonly number[];
  /** By how much the probability of each exceeds the next one's, where that is known. */
  readonly leads?: readonly number[];
}

/** A program that can be started here. */
export interface Program {
  readonly name: string;
  readonly version: string;
  /** What it reads of the formats that we write. */
  readonly reads: "folder" | "GGUF" | "adapter" | "ONNX";
  /** An answer to each request, or the sentence with which the program refused. */
  answers(requests: readonly Request[]): Promise<readonly (Answer | string)[]>;
}

/** A cell: the largest difference, and whether the greedy text is the same; or why there is no answer. */
export function compared(ours: Answer, theirs: Answer | string): string {
  if (typeof theirs === "string") return `**refused**: ${theirs.replaceAll("|", "/")}`;
  const expected = theirs.kind === ours.kind ? ours.values : softmax(ours.values);
  return `${theirs.kind} ±${largestDifference(expected, theirs.values).toExponential(0)}, ${sameText(ours, theirs)}`;
}

/** Whether two greedy texts are the same, and where not, after how many tokens, and how sure ours is there. */
function sameText(ours: Answer, theirs: Answer): string {
  const at = ours.ids.findIndex((id, index) => id !== theirs.ids[index]);
  return at < 0 ? "same text" : `**another text** after ${at} tokens${leading(ours.leads?.[at])}`;
}

/** How sure we are where two texts part: a token that leads by less than the programs' difference may be another one. */
export const leading = (lead: number | undefined): string =>
  lead === undefined ? "" : `, where ours leads by ${lead.toFixed(3)}`;

/** [V] → [V] */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The index of the largest value. */
export function topOf(values: Float32Array): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[top]!) top = i;
  return top;
}

/** Infinity where the number of values differs, or one is not a number. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
}
