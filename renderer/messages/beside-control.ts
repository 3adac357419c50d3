/** Sentences that compare a depth with the whole model trained on as many rows: on questions and on texts. */
import { differenceOf, changeOf } from "../../preload/contract/results/versus.ts";
import type { DepthMetrics } from "../../preload/contract/runs/run.ts";
import { t } from "./index.svelte.ts";

export interface BesideControl {
  readonly isLoss: boolean;
  readonly text: string;
}

/** Empty if the run has no control. */
export function besideControl({
  accuracy,
  versusControl,
  textsVersusControl: texts,
}: Pick<DepthMetrics, "accuracy" | "versusControl" | "textsVersusControl">): BesideControl[] {
  const said: BesideControl[] = [];
  if (versusControl && accuracy) {
    const difference = differenceOf(versusControl, accuracy.n);
    const verdict = changeOf(difference);
    said.push({ isLoss: verdict === "loss", text: t.result.againstControl(verdict, difference) });
  }
  if (texts) said.push({ isLoss: texts.low > 0, text: t.result.textsVersusControl(texts, texts.n) });
  return said;
}
