/**
 * What a method declares. A method is this declaration, an engine file of the same name (main/trimming/methods/), a test, and a line
 * in each registry; nothing else knows it by name. Declarations are pure: the window, the command line and the planning interpreter use them.
 */
import type { z } from "zod";
import type { Precision } from "../../native-models/inference/precision.ts";
import type { PlannedTokens } from "../contract/plans/probe.ts";
import type { PlannedStage } from "../contract/runs/schedule.ts";
import type { Accuracy } from "../contract/runs/run.ts";
import type { Language } from "../contract/words/language.ts";

/** Figures formatted for people, in the language of the text that they stand in. */
export interface Figures {
  number(value: number, digits?: number): string;
  percent(share: number, digits?: number): string;
  bytes(bytes: number): string;
  accuracy(accuracy: Accuracy): string;
}

/** A method in one language: its name in lists, and a sentence about what it does. */
interface MethodText {
  readonly name: string;
  readonly hint: string;
}

/** A scan of a model of `blocks` blocks for the `drops` least needed of its `units` units, with `rows` calibration rows. */
export interface Scan {
  readonly units: number;
  readonly blocks: number;
  readonly drops: number;
  readonly rows: number;
}

/** A method that gives each unit of a model a score, by which units are dropped. A plan has one: `trim.scorer`. */
export interface ScorerSpec {
  readonly id: string;
  readonly kind: "scorer";
  readonly paper?: string;
  /** Whether it counts right answers; without questions to count, the likelihood of answers decides. */
  readonly countsAnswers?: boolean;
  /** The passes of a scan, and the blocks in each. */
  passes(scan: Scan): Pick<PlannedStage, "kind" | "passes" | "blocks">;
  readonly text: Readonly<Record<Language, MethodText>>;
}

interface ChangeText<R> extends MethodText {
  /** The label of its main setting. */
  readonly setting: string;
  /** What a plan needs for it, as a clause; only for a method that has `applies`. */
  readonly needs?: string;
  /** Its result, in sentences. */
  lines(result: R, figures: Figures): string[];
}

/** What a method's cost depends on. */
export interface Costed<S> {
  readonly settings: S;
  readonly tokens: PlannedTokens;
  /** Tokens that the tuned model would read and write for it, with all rows. */
  readonly writing: PlannedTokens["writing"][string];
  /** Tokens of the calibration rows that the plan reads. */
  readonly calibration: number;
  /** The share of the training rows that is taught. */
  readonly taught: number;
  /** Of the model that it works on. */
  readonly blocks: number;
}

/** The work of a stage. `read`: none, `passes`: one, `blocks`: those of the model, unless said otherwise. */
export type Work = Pick<PlannedStage, "kind" | "tokens"> &
  Partial<Pick<PlannedStage, "read" | "together" | "passes" | "blocks">>;

/**
 * A method with settings S and a result R. `rows`: changes the rows that are taught, before the teacher records them; `chat`: gives the chosen
 * depth something that its chat model uses, which is kept only if chat is then better on the validation rows.
 */
export interface ChangeSpec<S = object, R = unknown> {
  readonly id: string;
  readonly kind: "rows" | "chat";
  readonly paper?: string;
  readonly settings: z.ZodType<S> & { readonly shape: Readonly<Record<string, z.ZodType>> };
  /** The setting that `--with ID=VALUE` and the window's field set. */
  readonly main: string;
  readonly result: z.ZodType<R>;
  /** Whether it can be used with chat weights of this precision; with any if absent. */
  applies?(precision: Precision): boolean;
  cost(costed: Costed<S>): Work;
  /** The settings for this share of the training, if a plan is fitted to a time. */
  scaled?(settings: S, share: number): S;
  /** What it adds to the chat weights of blocks, as a share of their bytes in int4. */
  moreBytes?(settings: S): number;
  /** Whether the chat model of the tuned whole model writes answers for it while the run trains. */
  readonly writes?: boolean;
  /** Whether it scans the chat weights of the depth with the calibration rows. */
  readonly scans?: boolean;
  readonly text: Readonly<Record<Language, ChangeText<R>>>;
  /** What a model card says of it; null if it changed nothing. */
  card(result: R): string | null;
}
