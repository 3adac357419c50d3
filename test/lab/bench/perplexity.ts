/** Perplexity of stories260K, whole and with each block left out, against its expected.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { stories260K } from "./harness/models.ts";
import { importCoppice } from "./harness/sides.ts";
import { referenceLogits } from "./logits.ts";
import type { LogitsAdapter } from "./logits.ts";

interface Expected {
  readonly ids: number[];
  readonly perplexity: number;
  readonly perplexity_without_layer: number[];
}

/** The expected values have four digits. */
const TOLERANCE = 5e-5;
const BLOCKS = 5;

export const perplexity: Benchmark = {
  name: "perplexity",
  timed: false,
  measures:
    "Perplexity of stories260K on its own story, whole and without each block, computed from the logits adapter's logits.",
  columns: [
    { key: "given", title: "Coppice", unit: "number" },
    { key: "expected", title: "expected", unit: "number" },
    { key: "difference", title: "relative difference", unit: "error" },
  ],
  targets: ["whole", ...Array.from({ length: BLOCKS }, (_, block) => `without block ${block}`)].map(
    (row) => ({
      row,
      column: "difference",
      atMost: TOLERANCE,
    }),
  ),

  async run(context) {
    const modelPath = stories260K();
    if (!modelPath) {
      context.say("stories260K is not on this machine: left out");
      return [];
    }
    const { ids, ...expected } = JSON.parse(
      readFileSync(join(modelPath, "expected.json"), "utf8"),
    ) as Expected;
    const wanted = [expected.perplexity, ...expected.perplexity_without_layer];
    if (!context.ours) {
      context.say(`transformers, whole: ${perplexityOf(referenceLogits(modelPath, [ids]), ids)}`);
      return wanted.map((value, index) => row(index, null, value));
    }
    const { logits } = await importCoppice<LogitsAdapter>("logits");
    const rows: Row[] = [];
    for (const [index, value] of wanted.entries()) {
      const given = await logits(modelPath, [ids], index === 0 ? [] : [index - 1]);
      rows.push(row(index, perplexityOf(given, ids), value));
    }
    return rows;
  },
};

function row(index: number, given: number | null, expected: number): Row {
  const difference = given === null ? null : Math.abs(given - expected) / expected;
  return {
    name: index === 0 ? "whole" : `without block ${index - 1}`,
    figures: { given, expected, difference },
  };
}

/** exp of the mean negative log-likelihood of each next token. logits: [T, V]. */
function perplexityOf(logits: Float32Array, ids: readonly number[]): number {
  const vocabulary = logits.length / ids.length;
  let sum = 0;
  for (let token = 0; token + 1 < ids.length; token++) {
    const row = logits.subarray(token * vocabulary, (token + 1) * vocabulary);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const normaliser = row.reduce((total, logit) => total + Math.exp(logit - most), 0);
    sum += most + Math.log(normaliser) - row[ids[token + 1]!]!;
  }
  return Math.exp(sum / (ids.length - 1));
}
