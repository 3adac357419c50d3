/** Sentences about how well a depth writes. */
import type { Change } from "../../../preload/contract/results/versus.ts";
import { writingOf } from "../../../preload/contract/results/writing.ts";
import type { DepthMetrics } from "../../../preload/contract/runs/run.ts";
import { listText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";

export interface WritingFinding {
  readonly kind: "good" | "warn" | "plain";
  readonly text: string;
}

/** Its generated answers and texts compared with the fine-tuned model's; empty if nothing was measured. */
export function writingFindings(
  { textsVersusTuned: compared }: Pick<DepthMetrics, "textsVersusTuned">,
  choices: Change | null,
): WritingFinding[] {
  const writing = writingOf(compared);
  if (!compared || !writing) return [];
  const words = t.result.writing;
  const { rougeL, repetition, stops, nll } = compared;
  const texts: WritingFinding[] = nll ? [{ kind: "plain", text: t.result.textsVersus(nll, nll.n) }] : [];
  if (writing.verdict !== "worse") {
    if (!rougeL) return texts;
    const kind = writing.verdict === "asWell" ? "good" : "plain";
    return [{ kind, text: words[writing.verdict](rougeL) }, ...texts];
  }
  const differences = { overlap: rougeL, repetition, stops, text: nll };
  const found = listText(writing.losses.map((loss) => words[loss](differences[loss]!)));
  const isHidden = choices === "gain" || choices === "noClearLoss";
  const text = isHidden ? words.chosenAsWell(found) : words.worse(found);
  return [{ kind: "warn", text }, ...(writing.losses.includes("text") ? [] : texts)];
}
