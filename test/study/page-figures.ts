/** How docs/quality.md writes figures. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { decimalText, percentOf, percentText } from "../../preload/contract/words/figures.ts";
import { estimateOf, nllsOf } from "./compared.ts";
import type { Group, Results } from "./compared.ts";
import type { Measured } from "./results.ts";
import { wordOf } from "./statistics.ts";

export const points = (share: number): string => {
  const text = decimalText(Math.abs(percentOf(share)), 1);
  return `${share < 0 && text !== "0.0" ? "−" : "+"}${text}`;
};
export const interval = ({ low, high }: Estimate): string => `${points(low)} to ${points(high)}`;
export const between = (estimate: Estimate): string => `${points(estimate.value)} (${interval(estimate)})`;
/** What an interval supports, in bold where it supports a difference. */
export const verdict = (estimate: Pick<Estimate, "low" | "high">): string => {
  const word = wordOf(estimate);
  return word === "no difference shown" ? word : `**${word}**`;
};
/** The same beside a control that was trained on fewer rows: only a loss to it shows anything. */
export const verdictBesideShorter: typeof verdict = (estimate) =>
  wordOf(estimate) === "worse" ? verdict(estimate) : "control on fewer rows";
/** The same for accuracy on a set, which means nothing where the tuned model is not above the best constant answer. */
export const rightVerdict = (
  results: Results,
  on: { readonly set: string; readonly model: string },
  estimate: Pick<Estimate, "low" | "high">,
  said = verdict,
): string => (results.counts(on) === false ? "does not count" : said(estimate));
export const share = ({ value, low, high }: Estimate): string =>
  `${percentText(value)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
export const figure = (measured: Measured | undefined): string => {
  if (!measured) return "–";
  const { accuracy, perplexity } = measured;
  return accuracy ? share(accuracy) : `perplexity ${perplexity?.toFixed(2)}${perplexityInterval(measured)}`;
};
/** Empty where the rows' outcomes are missing. */
function perplexityInterval(measured: Measured): string {
  const nlls = nllsOf(measured);
  if (!nlls || nlls.length === 0) return "";
  const { low, high } = estimateOf(nlls);
  return ` (${Math.exp(low).toFixed(2)}–${Math.exp(high).toFixed(2)})`;
}
export const minutes = (seconds: number): string => (seconds / 60).toFixed(seconds < 600 ? 1 : 0);
export const megabytes = (bytes: number | null): string => (bytes === null ? "–" : (bytes / 1e6).toFixed(0));
export const kept = (keep: number): string => `${Math.round(100 * keep)}%`;

export const plain = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;

export const signed = (value: number): string => {
  const text = Math.abs(value).toFixed(3);
  return text === "0.000" ? text : `${value < 0 ? "−" : "+"}${text}`;
};

/** A difference of losses: lower is better. */
export const nats = ({ value, low, high }: Estimate, said = verdict): string =>
  `${signed(value)} (${signed(low)} to ${signed(high)}) ${said({ low: -high, high: -low })}`;

/** How many rows the runs of a recipe trained on after tuning; several numbers where they differ. */
export const rowsText = ({ results }: Group): string =>
  [...new Set(results.map(({ rowsAfterTuning }) => Math.round(rowsAfterTuning)))].join(", ");

/** "seed 1", "seeds 1, 2, 3" */
export const seedsText = (results: readonly { readonly seed: number }[]): string =>
  `${results.length === 1 ? "seed" : "seeds"} ${results.map(({ seed }) => seed).join(", ")}`;

/** "clauses and legalbench" */
export const both = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;

/** Text that is collapsed until the reader opens it. */
export const folded = (summary: string, ...parts: readonly string[]): string =>
  `<details><summary>${summary}</summary>\n\n${parts.filter((part) => part !== "").join("\n\n")}\n\n</details>`;
