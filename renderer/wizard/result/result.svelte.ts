/** The texts of a result page for the selected depth. */
import { accuracyFloor } from "../../../preload/contract/plans/plan.ts";
import { recommendation } from "../../../preload/contract/results/recommended.ts";
import type { Recommendation } from "../../../preload/contract/results/recommended.ts";
import { besideControl } from "../../messages/beside-control.ts";
import { accuracyText, enteredPercentText, percentText, speedText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";
import { differenceOf, verdictOf } from "../../../preload/contract/results/versus.ts";
import { reachesSpeed, speedRatio } from "../../../preload/contract/results/speed.ts";
import { offeredDepths } from "./verdict.ts";
import type { OfferedDepth } from "./verdict.ts";
import { writesWorse } from "./writing.ts";

export class Result {
  readonly #run: WatchedRun;
  /** The name of the selected depth; null: the run's final one. */
  chosen = $state<string | null>(null);

  constructor(run: WatchedRun) {
    this.#run = run;
  }

  readonly #outcome = $derived.by(() => this.#run.detail?.outcome ?? null);
  readonly depths = $derived.by(() => (this.#outcome ? offeredDepths(this.#outcome) : []));
  readonly unit = $derived.by(() => this.#outcome?.units.kind ?? "block");
  readonly depth = $derived.by((): OfferedDepth | null => {
    const name = this.chosen ?? this.#outcome?.metrics.trimmed.name;
    return this.depths.find((depth) => depth.name === name) ?? null;
  });
  readonly isImprovement = $derived.by(() => this.#outcome?.metrics.improvement !== undefined);
  readonly isWhole = $derived.by(() => this.depth?.name === this.depths[0]?.name);
  readonly isMade = $derived.by(() => this.depth?.name === this.#outcome?.metrics.trimmed.name);
  readonly recommendation = $derived.by(() =>
    this.#outcome ? recommendation(this.#outcome, this.#run.detail!.plan) : null,
  );
  /** How many rows it would take to recommend a depth, as a sentence; empty if one is recommended, or more rows would not help. */
  readonly tooFew = $derived.by(() => {
    const { recommendation: found } = this;
    const needed = found?.needed ?? null;
    return found && needed !== null
      ? t.result.tooFewRows(found, needed, accuracyFloor(this.#run.detail!.plan))
      : "";
  });
  /** Why no depth is recommended, and what the result is instead; null unless the plan has a floor. */
  readonly missed = $derived.by((): { title: string; text: string } | null => {
    const { recommendation: found, depths, isImprovement } = this;
    const outcome = this.#outcome;
    if (!outcome || found?.name || isImprovement) return null;
    const words = t.result;
    const { plan } = this.#run.detail!;
    if (plan.floor === undefined) return null;
    const floor = accuracyFloor(plan);
    const reason = found ? this.tooFew || shown(found) : words.noRowsToChoose;
    const made = depths.find(({ name }) => name === outcome.metrics.trimmed.name);
    return {
      title: floor === undefined || !found ? words.noneRecommended : words.floorMissed,
      text: [reason, made ? words.isLargest(made.healed) : ""].filter(Boolean).join(" "),
    };

    function shown({ kind, tuned }: Recommendation): string {
      return floor === undefined
        ? words.noneShown[kind]
        : words.floorMissedText(enteredPercentText(floor), percentText(tuned ?? 0));
    }
  });
  readonly difference = $derived.by(() => {
    const { versusTuned, metrics } = this.depth ?? {};
    return versusTuned && metrics?.accuracy ? differenceOf(versusTuned, metrics.accuracy.n) : null;
  });
  /** The depth compared with the whole model trained on as many rows; null if the run has no such control. */
  readonly control = $derived.by((): string | null => {
    const depth = this.depth;
    const said = depth ? besideControl({ ...depth, accuracy: depth.metrics.accuracy }) : [];
    return said.map(({ text }) => text).join(" ") || null;
  });

  readonly speedRatio = $derived.by(() => {
    const outcome = this.#outcome;
    if (!outcome || !this.depth) return null;
    // Half-blocks differ in cost, so their number gives no bound.
    const most = this.unit === "block" ? outcome.units.total / this.depth.units : Infinity;
    return speedRatio(outcome.metrics, this.depth.metrics, most, {
      fewerTokens: outcome.tokens !== undefined,
    });
  });

  /** Whether the depth reaches the speed that it was chosen for; null if it was not chosen by speed, or its own speed is unknown. */
  readonly targetSpeed = $derived.by((): { kind: "good" | "warn"; text: string } | null => {
    const wanted = this.#run.detail?.plan.targetTokensPerSecond;
    const reached = this.depth?.metrics.tokensPerSecond ?? null;
    if (wanted === undefined || reached === null || this.speedRatio === "unsure") return null;
    const texts = [speedText(reached), speedText(wanted)] as const;
    return reachesSpeed(reached, wanted)
      ? { kind: "good", text: t.result.speedReached(...texts) }
      : { kind: "warn", text: t.result.speedMissed(...texts) };
  });

  /** The verdict, and who made the questions of its difference, if no person asked them. */
  readonly sentence = $derived.by((): string => {
    const { versusTuned, metrics } = this.depth ?? {};
    const isMade = versusTuned && metrics?.accuracy?.made;
    return isMade ? `${this.#verdict} ${t.result.askedMade(metrics.accuracy!)}` : this.#verdict;
  });
  /** Depth, speed, quality. */
  readonly #verdict = $derived.by((): string => {
    const outcome = this.#outcome;
    const depth = this.depth;
    if (!outcome || !depth) return "";
    const { base, tuned, improvement } = outcome.metrics;
    const words = t.result;
    if (improvement) return improved();
    const ratio = this.speedRatio;
    const speed = typeof ratio === "number" && !this.isWhole ? words.speed(ratio) : null;
    return words.verdict(words.depthOf(this.unit, depth.units, outcome.units.total), speed, quality());

    function improved(): string {
      const { versusTuned, metrics } = depth!;
      if (!versusTuned || !metrics.accuracy) return t.corrections.texts;
      const difference = differenceOf(versusTuned, metrics.accuracy.n);
      const { won, lost } = difference;
      const verdict = `${t.corrections.verdict[verdictOf(difference)]}: ${words.pointsOf(difference)}.`;
      return `${verdict} ${t.corrections.sentence(won, lost, metrics.accuracy.n)}`;
    }
    function quality(): string {
      if (depth!.name === "tuned" && base.accuracy && tuned.accuracy)
        return words.whole(accuracyText(base.accuracy), accuracyText(tuned.accuracy));
      const { versusTuned, metrics } = depth!;
      if (versusTuned && metrics.accuracy) {
        const difference = differenceOf(versusTuned, metrics.accuracy.n);
        const verdict = verdictOf(difference);
        const choices = words[verdict](difference);
        return writesWorse(depth!, verdict) ? `${choices}, ${words.writesWorse}` : choices;
      }
      if (tuned.perplexity !== null && metrics.perplexity !== null)
        return words.perplexity(tuned.perplexity, metrics.perplexity);
      return words.notMeasured;
    }
  });

  /** "15 blocks, healed". */
  nameOf(name: string): string {
    const { depths } = this;
    const depth = depths.find((known) => known.name === name);
    if (!depth) return name;
    const words = t.result;
    if (depth === depths[0]) return words.wholeName(this.unit, depth.units);
    return (depth.healed ? words.healedName : words.roundName)(this.unit, depth.units);
  }
}
