/** Pictures of docs/quality.md: accuracy against depth and minutes, and maps of drops. */
import { ARMS, CONTROL, COPPICE } from "./arms.ts";
import { estimateOf, lastOf } from "./compared.ts";
import type { Group, Results } from "./compared.ts";
import { dropsChart, MOST_CURVES, sharesChart } from "./pictures.ts";
import type { Curve, DropMap, SharesChart } from "./pictures.ts";
import { SAMPLE } from "./plan.ts";
import type { ArmResult } from "./results.ts";

export interface Picture {
  readonly name: string;
  readonly svg: string;
}

export interface Drawn extends Picture {
  readonly label: string;
}

/** Accuracy against depth, of recipes that have at least two depths. */
export function curvePictures(results: Results): Drawn[] {
  return placesOf(results).flatMap(({ set, model }) => {
    const curves = ARMS.flatMap(({ name }): Curve[] => {
      const points = results.groups
        .filter((group) => group.arm === name && group.set === set && group.model === model)
        .flatMap((group) => pointOf(results, group, 100 * group.keep))
        .sort((a, b) => a.x - b.x);
      return points.length < 2 ? [] : [{ name, points }];
    });
    if (curves.length === 0) return [];
    const label = `Accuracy against depth: ${set}, ${model}`;
    const keeps = [...new Set(curves.flatMap(({ points: all }) => all.map(({ x }) => x)))];
    const xTexts = keeps.map((at) => ({ at, text: `${at}%` }));
    return drawn(`${set}-${model}-depth`, label, { xName: "blocks that stay", xTexts, curves });
  });
}

/** Accuracy at half depth against processor minutes, tuning included. Leaves out the sample, which takes a minute by any recipe. */
export function minutesPictures(results: Results): Drawn[] {
  return placesOf(results).flatMap(({ set, model }) => {
    if (model === SAMPLE) return [];
    const groups = results.groups.filter(
      (group) => group.set === set && group.model === model && group.keep === 0.5,
    );
    const curves = ARMS.flatMap(({ name }): Curve[] => {
      const group = groups.find(({ arm }) => arm === name);
      if (!group) return [];
      const { processorSeconds } = results.spentOn(group);
      return [{ name, points: pointOf(results, group, processorSeconds / 60) }].filter(
        ({ points }) => points.length > 0,
      );
    });
    if (curves.length < 2) return [];
    const label = `Accuracy at half depth against processor minutes: ${set}, ${model}`;
    const most = Math.max(...curves.flatMap(({ points }) => points.map(({ x }) => x)));
    const xTexts = [0, 0.5, 1].map((part) => ({ at: part * most, text: (part * most).toFixed(0) }));
    const xName = "processor minutes, tuning included";
    return drawn(`${set}-${model}-minutes`, label, { xName, xTexts, curves });
  });
}

/** Spreads the curves over as many pictures as they need, with the default and its control in each for comparison. */
function drawn(name: string, label: string, { curves, ...axis }: Omit<SharesChart, "label">): Drawn[] {
  const isReference = (curve: Curve) => curve.name === COPPICE || curve.name === CONTROL;
  const references = curves.filter(isReference);
  const others = curves.filter((curve) => !isReference(curve));
  const each = MOST_CURVES - references.length;
  return Array.from({ length: Math.max(1, Math.ceil(others.length / each)) }, (_, index) => {
    const own = [...references, ...others.slice(index * each, (index + 1) * each)];
    const number = index === 0 ? "" : `-${index + 1}`;
    return { name: `${name}${number}`, label, svg: sharesChart({ label, ...axis, curves: own }) };
  });
}

function pointOf(results: Results, group: Group, x: number) {
  const values = results.perQuestion(group, "accuracy");
  if (!values || values.length === 0) return [];
  const { value, low, high } = estimateOf(values);
  return [{ x, y: value, low, high }];
}

function placesOf(results: Results): { set: string; model: string }[] {
  const places = new Map(results.arms.map(({ set, model }) => [`${set} ${model}`, { set, model }]));
  return [...places.values()];
}

/** Maps of drops for each model, at half depth by whole blocks, with a row for each recipe, set and seed. */
export function mapPictures(results: Results): Drawn[] {
  return results.models.flatMap((model) => {
    const maps = results.arms
      .filter(
        (one) => one.model === model && one.keep === 0.5 && one.unit === "block" && one.drops.length > 0,
      )
      .map(mapOf);
    if (maps.length === 0) return [];
    const label = `Which blocks went when, and which stayed: ${model}`;
    return [{ name: `${model}-drops`, label, svg: dropsChart(label, maps) }];
  });
}

function mapOf(result: ArmResult): DropMap {
  const { set, arm, seed, drops } = result;
  const units = lastOf(result).units + drops.flat().length;
  const rounds = Array.from({ length: units }, (_, unit) => {
    const round = drops.findIndex((dropped) => dropped.includes(unit));
    return round < 0 ? null : round + 1;
  });
  return { name: `${set}, ${arm}, seed ${seed}`, rounds };
}
