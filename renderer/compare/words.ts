/** A comparison in words and figures, the same for the window and for a report. */
import type { Compared, ComparedModel } from "../../preload/contract/calls/compare.ts";
import { besideControl } from "../messages/beside-control.ts";
import {
  accuracyText,
  bytesText,
  decimalsOf,
  numberText,
  percentText,
  signedText,
} from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";
import { mayBeRecommended } from "../../preload/contract/results/verdict.ts";
import { speedDigits } from "../../preload/contract/words/figures.ts";
import { isShort } from "../../preload/contract/runs/run.ts";
import { differenceOf } from "../../preload/contract/results/versus.ts";
import type { Difference } from "../../preload/contract/results/versus.ts";
import { decisionOf, sharesUnits } from "./comparison.ts";
import type { Axis, Measure } from "./comparison.ts";

export interface Saying {
  readonly kind: "good" | "warn" | "plain";
  readonly text: string;
}

/** The conclusions: the verdicts, then the decision, then each run compared with its own control. */
export const sayingsOf = (compared: Compared): Saying[] => [
  ...compared.models.flatMap((model): Saying[] =>
    model.verdict === null
      ? []
      : [
          {
            kind: mayBeRecommended(model.verdict) ? "plain" : "warn",
            text: `${quoted(model)}: ${t.result.verdicts[model.verdict]}`,
          },
        ],
  ),
  ...betweenRuns(compared),
  ...compared.models.flatMap((model) =>
    besideControl(model).map(({ isLoss, text }): Saying => ({
      kind: isLoss ? "warn" : "plain",
      text: `${quoted(model)}: ${text}`,
    })),
  ),
];

function betweenRuns(compared: Compared): Saying[] {
  const { runs, comparable } = compared;
  if (runs.length < 2) return [];
  if (!comparable) {
    const tested = runs.map((run) => `${quoted(run)}: ${run.data?.name ?? t.compare.unknownData}`);
    return [{ kind: "warn", text: t.compare.notComparable(tested) }];
  }
  const decision = decisionOf(compared);
  if (!decision) return [{ kind: "plain", text: t.compare.noQuestions }];
  const { best, pick, alone, others } = decision;
  const first = alone
    ? t.compare.clearlyBest(quoted(best))
    : pick === best
      ? t.compare.bestAndFastest(quoted(best))
      : t.compare.fastestEqual(quoted(pick), quoted(best));
  return [
    { kind: "good", text: first },
    ...others.map(({ model, difference, verdict }): Saying => {
      const points = pointsText(difference);
      switch (verdict) {
        case "loss":
          return { kind: "warn", text: t.compare.clearlyLess(quoted(model), quoted(best), points) };
        case "undecided":
          return { kind: "plain", text: t.compare.undecided(quoted(model), quoted(best), points) };
        default:
          return { kind: "plain", text: t.compare.noClear(quoted(model), quoted(best), points) };
      }
    }),
  ];
}

const quoted = ({ name }: { readonly name: string }): string => t.compare.quoted(name);

type Points = Pick<Difference, "value" | "low" | "high">;

/** "−6.2 (−8.4 to −4.1)": points of accuracy. */
function pointsText(points: Points): string {
  return `${signedText(points.value)} (${pointsInterval(points)})`;
}

/** "−8.4 to −4.1". */
export function pointsInterval({ low, high }: Points): string {
  return t.compare.fromTo(signedText(low), signedText(high));
}

export function nameOf({ name, subject, ofImprovement, storage, trained }: ComparedModel): string {
  const role = ofImprovement && subject === "tuned" ? "beforeImprovement" : subject;
  const details = [
    ...(role === "trimmed" ? [] : [isShort(trained) ? t.compare.shortControl(trained) : t.compare[role]]),
    ...(storage === "f32" ? [] : [t.compare.measuredWith(storage)]),
  ];
  return [name, ...details].join(", ");
}

const none = "—";

/** The figures of a model in the order of the table's columns, starting at the kept blocks. */
export function figuresOf(model: ComparedModel): string[] {
  const { kept, total, accuracy, versusTuned, perplexity, offDomainAccuracy, offDomainPerplexity } = model;
  const { tokensPerSecond, chatMemoryBytes, sizeBytes } = model;
  return [
    t.compare.keptOf(kept.length, total),
    accuracy ? accuracyText(accuracy) : none,
    versusTuned && accuracy ? pointsText(differenceOf(versusTuned, accuracy.n)) : none,
    perplexity === null ? none : numberText(perplexity, 1),
    offDomainAccuracy
      ? percentText(offDomainAccuracy.value)
      : offDomainPerplexity === null
        ? none
        : numberText(offDomainPerplexity, 1),
    tokensPerSecond === null ? none : numberText(tokensPerSecond, speedDigits(tokensPerSecond)),
    chatMemoryBytes === null ? none : bytesText(chatMemoryBytes),
    sizeBytes === null ? none : bytesText(sizeBytes),
  ];
}

/** A value on an axis, or a tick: `step` apart from the next one. */
export function axisText(compared: Compared, axis: Axis, value: number, step?: number): string {
  if (axis === "speed") return numberText(value, step === undefined ? speedDigits(value) : decimalsOf(step));
  if (axis === "memory") return bytesText(value, step);
  if (sharesUnits(compared)) return numberText(value);
  return percentText(value, step === undefined ? 0 : decimalsOf(100 * step));
}

export function axisName(compared: Compared, axis: Axis): string {
  if (axis !== "depth") return t.compare.axisNames[axis];
  if (!sharesUnits(compared)) return t.compare.axisNames.share;
  return compared.runs[0]?.unit === "sublayer" ? t.compare.axisNames.halves : t.compare.axisNames.blocks;
}

/** A value of a measure, or a tick: `step` apart from the next one. */
export function measureText(measure: Measure, value: number, step?: number): string {
  if (measure === "accuracy") return percentText(value, step === undefined ? 1 : decimalsOf(100 * step));
  return numberText(value, step === undefined ? 1 : decimalsOf(step));
}

export function aboutOf({ runs, comparable }: Compared): string {
  const [data] = runs.map((run) => run.data);
  if (!comparable || !data) return t.compare.aboutOther(runs.length);
  return t.compare.about(runs.length, data.questions, data.name);
}
