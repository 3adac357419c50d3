/** What docs/quality.md says about each set: its data, and the figures of every recipe on it. */
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { ARMS, COPPICE, isControl } from "./arms.ts";
import { estimateOf, estimateOverSeeds, isShorter, lastOf, temperatureOf } from "./compared.ts";
import type { Group, Measure, Results } from "./compared.ts";
import {
  between,
  figure,
  folded,
  kept,
  minutes,
  nats,
  plain,
  rightVerdict,
  rowsText,
  seedsText,
  share,
  signed,
  verdict,
  verdictBesideShorter,
} from "./page-figures.ts";
import { SAMPLE } from "./plan.ts";
import type { ArmResult, Tuning } from "./results.ts";

const SCHEDULES: Record<Tuning["schedule"], string> = {
  constant: "constant, then to zero",
  cosine: "to zero",
  "cosine-to-half": "to half the peak",
};

export function setsTable(results: Results): string {
  const rows = results.tuned.map(({ set, model, seed, tuning, data, models }) => {
    const of = (subject: string) => models.find((one) => one.subject === subject)!.test;
    const [base, tuned] = [of("base"), of("tuned")];
    const counts = results.counts({ set, model });
    return [
      `${set}, ${model}, seed ${seed}`,
      `${data.trainingRows} / ${data.validRows} / ${data.testRows}`,
      data.bestConstant === null ? "–" : percentText(data.bestConstant),
      figure(base),
      figure(tuned),
      `${SCHEDULES[tuning.schedule]}, ${tuning.base}`,
      counts === null ? "NLL only" : counts ? "yes" : "no: not above the best constant answer",
    ];
  });
  if (rows.length === 0) return "No model has been tuned yet.";
  const heads = [
    "",
    "training / validation / test rows",
    "best constant answer",
    "original",
    "tuned",
    "learning rate of tuning, frozen weights",
    "counts for accuracy",
  ];
  const moved = [...new Map(results.tuned.map(({ set, data }) => [set, data.validLines.length]))]
    .filter(([, lines]) => lines > 0)
    .map(
      ([set, lines]) =>
        `${lines} training rows of ${set} are used for validation instead (their line numbers are in its results), and choices are made by NLL.`,
    );
  return [markdownTable(heads, rows), ...moved].join("\n\n");
}

export function recipeTables(results: Results): string[] {
  const places = [
    ...new Set(results.groups.map(({ set, model, keep }) => JSON.stringify([set, model, keep]))),
  ];
  if (places.length === 0) return ["No recipe has been measured yet."];
  return places.flatMap((place) => {
    const [set, model, keep] = JSON.parse(place) as [string, string, number];
    const groups = ARMS.flatMap(({ name }) =>
      results.groups.filter(
        (one) => one.arm === name && one.set === set && one.model === model && one.keep === keep,
      ),
    );
    const isAlike = (group: Group) => alikeSeeds(results, group).length === group.results.length;
    const [alike, own] = [groups.filter(isAlike), groups.filter((group) => !isAlike(group))];
    const commands = new Set(
      groups.flatMap(({ results: all }) => all.map(({ origin }) => `\`${origin.command}\``)),
    );
    const others = own.filter(({ arm }) => arm !== COPPICE);
    const loss = own.some((group) => isComparedCalibrated(results, group)) ? "calibrated" : "nll";
    const details = [
      markdownTable(
        detailHeads(loss),
        own.map((group) => detailRow(results, group, loss)),
      ),
      `Measured by ${[...commands].join(", ")}.`,
    ];
    const text = [
      markdownTable(
        recipeHeads(loss),
        own.map((group) => recipeRow(results, group, loss)),
      ),
      alike.length === 0 ? "" : alikeText(results, alike),
    ];
    const heading = `### ${set}, ${model}, ${kept(keep)} of the blocks`;
    if (model === SAMPLE)
      return [
        heading,
        folded(
          `The default, its control and ${own.length + alike.length - 2} other recipes`,
          ...text,
          ...details,
        ),
      ];
    const more =
      others.length > 1
        ? "Comparison with the default, validation rows, calibration, commands"
        : "Validation rows, calibration, commands";
    return [heading, ...text.filter((part) => part !== ""), folded(more, ...details)];
  });
}

/** The loss that a table of recipes is about; where it is calibrated, the plain one is a detail. */
type Loss = Exclude<Measure, "accuracy">;
const NAMES: Readonly<Record<Loss, string>> = { nll: "NLL", calibrated: "NLL, calibrated" };

/** Whether a recipe's calibrated loss can be compared with its control's, or is the default's own. */
function isComparedCalibrated(results: Results, group: Group): boolean {
  const control = results.controlOf(group);
  const bySeed = control ? results.bySeed(group.results, control.results, "calibrated") : [];
  return bySeed.length > 0 || (group.arm === COPPICE && results.perQuestion(group, "calibrated") !== null);
}

const recipeHeads = (loss: Loss): string[] => [
  ...["recipe", "seeds", "right", "right, against the control, points"],
  ...[NAMES[loss], `${NAMES[loss]}, against the control`, "rows", "processor min"],
];
const detailHeads = (loss: Loss): string[] => [
  ...["recipe", "ECE", "right, against the default, points", `${NAMES[loss]}, against the default`],
  ...["validation", "validation, against the default"].map((of) => `${NAMES[loss]}, ${of}`),
  ...(loss === "nll" ? [] : ["temperature", "NLL", "NLL, against the control", "NLL, against the default"]),
];

function recipeRow(results: Results, group: Group, loss: Loss): string[] {
  const accuracy = results.perQuestion(group, "accuracy");
  const control = results.controlOf(group);
  return [
    nameOf(results, group),
    group.results.map(({ seed }) => seed).join(", "),
    accuracy ? share(estimateOf(accuracy)) : "–",
    differenceText(results, group, control, "accuracy"),
    lossText(results, group, loss),
    differenceText(results, group, control, loss),
    rowsText(group),
    minutes(results.spentOn(group).processorSeconds),
  ];
}

function lossText(results: Results, group: Group, loss: Loss): string {
  const losses = results.perQuestion(group, loss);
  return losses ? plain(estimateOf(losses)) : "–";
}

/** The mean over the seeds. */
function temperatureText({ results }: Group): string {
  const temperatures = results.flatMap((result) => temperatureOf(result) ?? []);
  return temperatures.length === results.length ? mean(temperatures).toFixed(2) : "–";
}

function detailRow(results: Results, group: Group, loss: Loss): string[] {
  const errors = group.results.flatMap((result) => lastOf(result).test.calibration?.value ?? []);
  const isJudged = group.arm !== COPPICE && !isControl(group.arm);
  const usual = isJudged ? results.groupOf({ ...group, arm: COPPICE }) : null;
  return [
    nameOf(results, group),
    errors.length > 0 ? percentText(mean(errors)) : "–",
    differenceText(results, group, usual, "accuracy"),
    differenceText(results, group, usual, loss),
    validationText(results, group, loss),
    usual ? validationGainText(results, group, usual, loss) : "–",
    ...(loss === "nll"
      ? []
      : [
          temperatureText(group),
          lossText(results, group, "nll"),
          differenceText(results, group, results.controlOf(group), "nll"),
          differenceText(results, group, usual, "nll"),
        ]),
  ];
}

/** How much higher a measure is with one recipe than with another; names the seeds where only some of the recipe's can be compared. */
function differenceText(results: Results, group: Group, other: Group | null, measure: Measure): string {
  const bySeed = other ? results.bySeed(group.results, other.results, measure) : [];
  if (bySeed.length === 0) return "–";
  const estimate = estimateOverSeeds(bySeed);
  const said = isControl(other!.arm) && isShorter(other!, group) ? verdictBesideShorter : verdict;
  const text =
    measure === "accuracy"
      ? `${between(estimate)} ${rightVerdict(results, group, estimate, said)}`
      : nats(estimate, said);
  return bySeed.length === group.results.length ? text : `${text} (${seedsText(bySeed)})`;
}

/** A recipe's loss on validation rows: the mean over its seeds. */
function validationText(results: Results, group: Group, loss: Loss): string {
  if (loss === "nll") {
    const means = group.results.flatMap((result) => validationNll(result) ?? []);
    return means.length > 0 ? mean(means).toFixed(3) : "–";
  }
  const losses = results.perQuestion(group, loss, "valid");
  return losses ? mean(losses).toFixed(3) : "–";
}

/** How much higher a recipe's loss on validation rows is than the default's with the same seeds; no interval where results lack the rows' outcomes. */
function validationGainText(results: Results, group: Group, usual: Group, loss: Loss): string {
  const bySeed = results.bySeed(group.results, usual.results, loss, "valid");
  if (loss === "calibrated" && bySeed.length === 0) return "–";
  const shared = group.results.flatMap((result) => {
    const other = usual.results.find(({ seed }) => seed === result.seed);
    const [own, others] = [validationNll(result), other && validationNll(other)];
    return typeof own === "number" && typeof others === "number"
      ? [{ seed: result.seed, gain: own - others }]
      : [];
  });
  if (shared.length === 0) return "–";
  if (bySeed.length === 0) return signed(mean(shared.map(({ gain }) => gain)));
  const text = nats(estimateOverSeeds(bySeed));
  return bySeed.length === shared.length ? text : `${text} (${seedsText(bySeed)})`;
}

/** Nats per question, or per token of completions. */
export function validationNll(result: ArmResult): number | null {
  const { valid } = lastOf(result);
  return valid && (valid.answerNll ?? (valid.perplexity === null ? null : Math.log(valid.perplexity)));
}

/** The results that ended with exactly the model that the default ended with. */
function alikeSeeds(results: Results, group: Group): ArmResult[] {
  if (group.arm === COPPICE) return [];
  const usual = results.groupOf({ ...group, arm: COPPICE })?.results ?? [];
  const lossesOf = (result: ArmResult | undefined) => {
    const { test, valid } = result ? lastOf(result) : {};
    return JSON.stringify([test?.nlls, valid?.answerNll]);
  };
  return group.results.filter(
    (one) => lossesOf(one) === lossesOf(usual.find(({ seed }) => seed === one.seed)),
  );
}

/** A recipe's name, the device that trained it if not the processor, and the seeds with which it ended with the default's model. */
function nameOf(results: Results, group: Group): string {
  const alike = alikeSeeds(results, group);
  const devices = [...new Set(group.results.map(({ device }) => device))].filter(
    (device) => device !== "cpu",
  );
  const name = devices.length === 0 ? group.arm : `${group.arm}, on ${devices.join(", ")}`;
  return alike.length === 0 ? name : `${name} (same model as the default with ${seedsText(alike)})`;
}

/** Recipes that ended with exactly the default's model with each of their seeds, so that they have no figures of their own. */
function alikeText(results: Results, groups: readonly Group[]): string {
  const names = groups.map((group) => {
    const { processorSeconds } = results.spentOn(group);
    return `${group.arm} (${seedsText(group.results)}, ${rowsText(group)} rows, ${minutes(processorSeconds)} min)`;
  });
  return `These recipes ended with exactly the default's model, so all their figures are the default's with these seeds: ${names.join(", ")}.`;
}
