/** The texts of a result page for the selected depth. */
import { accuracyFloor } from "../../../preload/contract/plans/plan.ts";
import { recommendation } from "../../../preload/contract/results/recommended.ts";
import type { Recommendation } from "../../../preload/contract/results/recommended.ts";
import { besideControl } from "../../messages/beside-control.ts";
import { enteredPercentText, percentText, speedText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";
import { differenceOf, changeOf } from "../../../preload/contract/results/versus.ts";
import { reachesSpeed, speedRatio } from "../../../preload/contract/results/speed.ts";
import { headlineOf, mayBeRecommended, verdictOf } from "../../../preload/contract/results/verdict.ts";
import type { Headline, Judged } from "../../../preload/contract/results/verdict.ts";
import type { Accuracy, ModelMetrics } from "../../../preload/contract/runs/run.ts";
import { offeredDepths } from "./verdict.ts";
import type { OfferedDepth } from "./verdict.ts";

interface Scores {
  readonly kind: Headline["kind"];
  readonly asked: Accuracy;
  readonly models: readonly {
    series: "original" | "tuned" | "trimmed";
    name: string;
    note: string;
    share: Accuracy;
  }[];
  /** The share that guessing gets right; null for written answers. */
  readonly guessing: number | null;
}

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
    if (!outcome || found?.name || isImprovement || !mayBeRecommended(verdictOf(outcome).verdict))
      return null;
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

  readonly judged = $derived.by((): Judged | null =>
    this.#outcome && this.depth ? verdictOf(this.#outcome, this.depth.name) : null,
  );
  /** How many answers are right, was how many, and how fast it is: "78 of 100 right, was 58. 1.8 times as fast." */
  readonly headline = $derived.by((): string => {
    const outcome = this.#outcome;
    const headline = outcome && this.depth && headlineOf(outcome, this.depth.metrics);
    const ratio = this.speedRatio;
    const isFaster = typeof ratio === "number" && !this.isWhole && !this.isImprovement;
    return [headline ? t.result.headline(headline) : "", isFaster ? t.result.timesAsFast(ratio) : ""]
      .filter(Boolean)
      .join(" ");
  });
  /** Why the verdict is what it is, and what to do next. */
  readonly because = $derived.by((): string => {
    const { reasons = [], advice = [] } = this.judged ?? {};
    const [reason] = reasons;
    return [reason ? t.result.reasons[reason] : "", ...advice.map((code) => t.result.advice[code])]
      .filter(Boolean)
      .join(" ");
  });
  /** What an improvement changed on the old test questions; null for other runs. */
  readonly improved = $derived.by((): string | null => {
    const { versusTuned, metrics } = this.depth ?? {};
    if (!this.isImprovement || !metrics) return null;
    if (!versusTuned || !metrics.accuracy) return t.corrections.texts;
    const difference = differenceOf(versusTuned, metrics.accuracy.n);
    const { won, lost } = difference;
    const change = `${t.corrections.verdict[changeOf(difference)]}: ${t.result.pointsOf(difference)}.`;
    return `${change} ${t.corrections.sentence(won, lost, metrics.accuracy.n)}`;
  });
  /** The shares of right answers, or of written answers that match, of each model; null if nothing was asked. */
  readonly scores = $derived.by((): Scores | null => {
    const outcome = this.#outcome;
    const depth = this.depth;
    if (!outcome || !depth) return null;
    const { base, tuned, prompted, guessing } = outcome.metrics;
    const kind = depth.metrics.accuracy ? "right" : "match";
    const shareOf = ({ accuracy, generated }: Pick<ModelMetrics, "accuracy" | "generated">) =>
      (kind === "right" ? accuracy : generated?.matches) ?? null;
    const words = t.result;
    const total = outcome.units.total;
    const examples = prompted && shareOf(prompted);
    const blocks = words.blocksOf(this.unit, total, total);
    const models = [
      ...(this.isImprovement
        ? []
        : [
            {
              series: "original" as const,
              name: words.before,
              note: examples ? words.withExamples(Math.round(100 * examples.value)) : "",
              share: shareOf(base),
            },
          ]),
      {
        series: "tuned" as const,
        name: this.isImprovement ? words.before : words.tuned,
        note: blocks,
        share: shareOf(tuned),
      },
      ...(this.isWhole
        ? []
        : [
            {
              series: "trimmed" as const,
              name: this.isImprovement ? words.now : words.trimmed,
              note: words.blocksOf(this.unit, depth.units, total),
              share: shareOf(depth.metrics),
            },
          ]),
    ].flatMap(({ share, ...model }) => (share ? [{ ...model, share }] : []));
    const asked = shareOf(depth.metrics);
    if (!asked) return null;
    const floor = guessing ? Math.max(guessing.chance, guessing.bestConstant) : null;
    return { kind, asked, models, guessing: kind === "right" ? floor : null };
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
