/** What docs/quality.md says about the number of calibration rows: which blocks are dropped in which order, and how good the result is. */
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { calibratedBy, CALIBRATION_SIZES, COPPICE } from "./arms.ts";
import { lastOf } from "./compared.ts";
import type { Results } from "./compared.ts";
import { kept, minutes } from "./page-figures.ts";
import { validationNll } from "./page-recipes.ts";
import { overlap } from "./statistics.ts";

/** Empty where only the default's number of rows is measured. */
export function calibrationText(results: Results): string[] {
  const names = CALIBRATION_SIZES.map(calibratedBy);
  const measured = results.groups.filter(({ arm }) => arm !== COPPICE && names.includes(arm));
  const places = new Map(
    measured.map(({ set, model, keep }) => [`${set}, ${model}, ${kept(keep)}`, { set, model, keep }]),
  );
  if (places.size === 0) return [];
  const heads = [
    ...["calibration rows", "seed", "blocks in the order in which they are dropped, by round"],
    ...["kept blocks shared with the default", "NLL, validation", "processor min, without tuning"],
  ];
  return [
    "## Calibration rows",
    ...[...places].map(([name, place]) => {
      const rows = CALIBRATION_SIZES.flatMap((size) => rowsOf(results, place, size));
      return `### ${name} of the blocks\n\n${markdownTable(heads, rows)}`;
    }),
    `Everything else is as in the default, which uses ${CALIBRATION_SIZES.find((size) => calibratedBy(size) === COPPICE)} rows. Each seed draws different rows, unless all are used, and trains in a different order. Why 64, as long as other sets are not measured: [decision 0048](decisions/0048-scans-by-halving.md).`,
  ];
}

function rowsOf(
  results: Results,
  place: { set: string; model: string; keep: number },
  size: number,
): string[][] {
  const groupBy = (arm: string) => results.groupOf({ ...place, arm })?.results ?? [];
  const [tuned] = results.tunedOf(place);
  const all = tuned ? tuned.data.validQuestions?.length || tuned.data.validRows : size;
  return groupBy(calibratedBy(size)).map((result) => {
    const usual = groupBy(COPPICE).find(({ seed }) => seed === result.seed);
    const nll = validationNll(result);
    return [
      all < size ? `${all} (all)` : String(size),
      String(result.seed),
      result.drops.map((round) => round.join(" ")).join(", "),
      usual ? percentText(overlap(lastOf(result).keptIndices, lastOf(usual).keptIndices)) : "–",
      nll === null ? "–" : nll.toFixed(3),
      minutes(result.spent.processorSeconds),
    ];
  });
}
