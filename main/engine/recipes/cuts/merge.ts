/**
 * Merges what a cut dropped into the kept halves before it, between the drop and the training that follows: θ + α · Σ (θ_dropped − θ), as
 * LaCo does with α = 1 (arXiv 2402.11187), here with the α that brings the stream nearest to that of the model before the cut.
 */
import type { Kept } from "../../../../native-models/model.ts";
import { groupRows, PASS_TOKENS } from "../../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../../native-models/training/batch.ts";
import { blockName } from "../../../../native-models/training/parts.ts";
import type { Part } from "../../../../native-models/training/parts.ts";
import type { Trainee } from "../../../../native-models/training/trainee.ts";
import type { HalfStep } from "../../../../native-models/training/units.ts";
import { percentText } from "../../../../preload/contract/words/figures.ts";
import { MERGING } from "../../schedule/merging.ts";
import { mergesOf } from "../../schedule/seams.ts";
import type { Merge, Receiver } from "../../schedule/seams.ts";
import { streamsBefore } from "./seam-targets.ts";

export interface MergeInput {
  readonly stack: Trainee;
  /** What was kept before the cut, and after it. */
  readonly before: readonly Kept[];
  readonly after: readonly Kept[];
  /** Training rows. */
  readonly rows: readonly TokenRow[];
  readonly batcher: Batcher;
  /** Called after each pass of some tokens. */
  readonly onTokens: (tokens: number) => Promise<void>;
}

/** What happened at a seam. */
export interface MergedSeam {
  /** The block before it. */
  readonly block: number;
  /** The chosen α, 0 if nothing was merged; null if no half before the seam is of the same kind as the dropped ones. */
  readonly factor: number | null;
  /** Mean over tokens of ‖error‖² / ‖target‖², without the merge and with it. */
  readonly errors: { readonly without: number; readonly merged: number };
  /** The names of the halves whose weights changed. */
  readonly changed: readonly string[];
}

/**
 * Merges at each seam in turn, from the input on. A half that takes in others has weights of its own from then on, trained if it was
 * trained; if no merge helps, it stays as it was.
 */
export async function mergeDropped(input: MergeInput): Promise<MergedSeam[]> {
  const { stack, before, after, rows, batcher } = input;
  const merges = mergesOf(stack.model.config.blocks, before, after);
  const batches = groupRows(rows, PASS_TOKENS).map((group) => batcher.batch(group));
  const targets = await streamsBefore(input, batches, merges);
  const gone = takeOut(stack, before, after);
  const merged: MergedSeam[] = [];
  for (const [index, merge] of merges.entries()) {
    const error = () => errorOf(input, batches, merge.half, (batch) => targets[batch]![index]!);
    merged.push(await mergeAt(stack, merge, gone, error));
  }
  return merged;
}

/** A sentence of a run's log. */
export function mergeText({ block, factor, errors }: MergedSeam): string {
  if (factor === null)
    return `Nothing was merged into block ${block}: what was dropped after it is of another kind.`;
  if (factor === 0)
    return `Nothing was merged into block ${block}: the stream's relative squared error is ${percentText(errors.without)} without merging, and not smaller with it.`;
  return `Dropped parts were merged into block ${block} with a factor of ${factor}: the stream's relative squared error fell from ${percentText(errors.without)} to ${percentText(errors.merged)}.`;
}

/** The weights of the dropped halves, as they were trained, by name and in the order of their specs; the stack no longer holds them. */
function takeOut(
  stack: Trainee,
  before: readonly Kept[],
  after: readonly Kept[],
): ReadonlyMap<string, Float32Array> {
  const merges = mergesOf(stack.model.config.blocks, before, after);
  const names = new Set(
    merges.flatMap(({ receivers }) => receivers.flatMap(({ dropped }) => dropped.map(nameOf))),
  );
  const others = Object.fromEntries(Object.entries(stack.parts).filter(([name]) => !names.has(name)));
  const own = Object.fromEntries([...names].map((name): [string, Part] => [name, weights(false)]));
  stack.keep(before);
  stack.hold({ ...others, ...own });
  const taken = stack.held.filter(({ name }) => names.has(name)).map(({ name, values }) => [name, values]);
  stack.hold(others);
  stack.keep(after);
  return new Map(taken as [string, Float32Array][]);
}

const nameOf = ({ block, section }: HalfStep) => blockName(block, section);
const weights = (trained: boolean): Part => ({ form: "weights", trained });

/** Tries each factor, and sets the halves to the best. */
async function mergeAt(
  stack: Trainee,
  { half: { block }, receivers }: Merge,
  gone: ReadonlyMap<string, Float32Array>,
  error: () => Promise<number>,
): Promise<MergedSeam> {
  const without = await error();
  if (receivers.length === 0)
    return { block, factor: null, errors: { without, merged: without }, changed: [] };
  const goBack = holdWeights(stack, receivers);
  const mixes = receivers.map((receiver) => mixOf(stack, receiver, gone));
  let best = { factor: 0, error: without };
  for (const factor of MERGING.factors) {
    for (const mix of mixes) mix(factor);
    const now = await error();
    if (now < best.error) best = { factor, error: now };
  }
  for (const mix of mixes) mix(best.factor);
  if (best.factor === 0) goBack();
  return {
    block,
    factor: best.factor,
    errors: { without, merged: best.error },
    changed: best.factor === 0 ? [] : receivers.map(({ half }) => nameOf(half)),
  };
}

/** Returns a function that sets a half to its own weights plus a share of the differences to those that it takes in. */
function mixOf(
  stack: Trainee,
  { half, dropped }: Receiver,
  gone: ReadonlyMap<string, Float32Array>,
): (factor: number) => void {
  const { values } = stack.held.find(({ name }) => name === nameOf(half))!;
  const own = values.slice();
  const difference = new Float32Array(own.length);
  for (const step of dropped) {
    const others = gone.get(nameOf(step))!;
    for (let i = 0; i < own.length; i++) difference[i]! += others[i]! - own[i]!;
  }
  return (factor) => {
    for (let i = 0; i < own.length; i++) values[i] = own[i]! + factor * difference[i]!;
  };
}

/** Gives halves weights of their own, trained if they were; returns a function that undoes this, including adapters and moments. */
function holdWeights(stack: Trainee, receivers: readonly Receiver[]): () => void {
  const { parts } = stack;
  const names = receivers.map(({ half }) => nameOf(half));
  const before = stack.held.filter(({ name }) => names.includes(name) && parts[name]?.form === "adapters");
  const own = names.map((name) => [name, weights(parts[name]?.trained ?? false)] as const);
  stack.hold({ ...parts, ...Object.fromEntries(own) });
  return () => {
    stack.hold(parts);
    for (const { name, values, firstMoment, secondMoment } of before) {
      const again = stack.held.find((block) => block.name === name)!;
      again.values.set(values);
      again.firstMoment.set(firstMoment);
      again.secondMoment.set(secondMoment);
    }
  };
}

/** Mean over tokens of ‖stream − target‖² / ‖target‖² after a half, in the model as it is. */
async function errorOf(
  { stack, after, onTokens }: MergeInput,
  batches: readonly Batch[],
  half: HalfStep,
  targetOf: (batch: number) => Float32Array,
): Promise<number> {
  const width = stack.model.config.hiddenSize;
  let [sum, tokens] = [0, 0];
  for (const [index, batch] of batches.entries()) {
    const [streams] = await stack.streamsAround(batch, after, [half]);
    const target = targetOf(index);
    for (let first = 0; first < target.length; first += width) {
      let [missing, all] = [0, 0];
      for (let i = first; i < first + width; i++) {
        missing += (streams!.after[i]! - target[i]!) ** 2;
        all += target[i]! ** 2;
      }
      sum += missing / (all || 1);
    }
    tokens += batch.tokens.length;
    await onTokens(batch.tokens.length);
  }
  return sum / Math.max(1, tokens);
}
