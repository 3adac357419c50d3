/**
 * What is trained in a model, part by part. Each half of a block, and the ends outside the blocks, uses the model's weights, the
 * model's weights with adapters, or weights of its own instead; adapters and own weights are trained or frozen.
 */
import type { Half } from "../architectures/architecture.ts";
import { halvesOf } from "../model.ts";
import type { Kept } from "../model.ts";

/** The names of parts: a half of a block, or the parts outside the blocks. */
export const blockName = (block: number, half: Half) => `${block}.${half}`;
export const ENDS = "ends";

/** The block that a part belongs to; null for what is outside the blocks. */
export function blockOf(part: string): number | null {
  const block = Number.parseInt(part, 10);
  return Number.isNaN(block) ? null : block;
}

/** What a part can have of its own. */
export const FORMS = ["adapters", "weights"] as const;
export type Form = (typeof FORMS)[number];

export interface Part {
  readonly form: Form;
  /** Whether training changes them. */
  readonly trained: boolean;
}

/** Parts by name. A part that is absent has the model's values and is not trained. */
export type Parts = Readonly<Record<string, Part>>;

/** The halves of the kept blocks, by name, starting at the input. */
export const partNames = (kept: readonly Kept[]): string[] =>
  kept.flatMap((section, block) => (section ? halvesOf(section).map((half) => blockName(block, half)) : []));

/** The parts of a model that is trained everywhere in the same way. The ends have no adapters. */
export function partsEverywhere(kept: readonly Kept[], kind: "none" | "lora" | "full"): Parts {
  if (kind === "none") return {};
  const names = kind === "full" ? [...partNames(kept), ENDS] : partNames(kept);
  const part: Part = { form: kind === "full" ? "weights" : "adapters", trained: true };
  return Object.fromEntries(names.map((name) => [name, part]));
}

/** The names of the parts that are trained from here on: in full (`weights`) or through adapters (`adapters`). */
export interface Trained {
  readonly weights: readonly string[];
  readonly adapters: readonly string[];
}

/** The parts of a model when only these are trained; the others keep the values that they have. */
export function onlyTrained(parts: Parts, { weights, adapters }: Trained): Parts {
  const frozen = Object.entries(parts).map(([name, { form }]) => [name, { form, trained: false }] as const);
  const adapted = adapters.map(
    (name) => [name, { form: parts[name]?.form ?? "adapters", trained: true }] as const,
  );
  const whole = weights.map((name) => [name, { form: "weights", trained: true }] as const);
  return Object.fromEntries<Part>([...frozen, ...adapted, ...whole]);
}

/** Whether two parts have the same form and are trained alike. */
export const isSamePart = (a: Part | undefined, b: Part | undefined): boolean =>
  a?.form === b?.form && a?.trained === b?.trained;
