/** Models of some of their blocks, against transformers' own of the same blocks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROGRAMS } from "../../../native-models/architectures/architecture.ts";
import type { Config, JsonObject, Program } from "../../../native-models/architectures/architecture.ts";
import { isReachable, kindNames } from "../../../native-models/architectures/cut.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Kept } from "../../../native-models/model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { comparedNames, readGolden } from "./golden-weights.ts";
import { goldenModel } from "./golden-model.ts";
import { trainingLogits, worstDifference } from "./hashed-model.ts";

const cases = comparedNames.flatMap((name) =>
  readGolden(name).cuts.map(({ kept }) => ({ name, blocks: kept.join(", "), kept })),
);

describe.each(cases)("$name, blocks $blocks", ({ name, kept }) => {
  const golden = readGolden(name);
  const { layerTypes, lastLogits } = golden.cuts.find(
    (cut) => cut.kept === kept || cut.kept.join() === kept.join(),
  )!;
  const whole = goldenModel(golden);
  const sections = whole.sections.map((section, block): Kept => (kept.includes(block) ? section : null));
  const cut = mergedModel(whole, sections, { kind: "none" }, () => undefined);
  const expected = (row: number) =>
    lastLogits.data.subarray(row * lastLogits.shape[1]!, (row + 1) * lastLogits.shape[1]!);

  test("names the kind of each block as transformers does", () => {
    expect(cut.json.num_hidden_layers).toBe(kept.length);
    if (layerTypes) expect(cut.config.blocks.map((kind) => kind.name)).toEqual(layerTypes);
  });

  test("has the reference's logits, in training and in chat", async () => {
    const folder = mkdtempSync(join(tmpdir(), "coppice-cut-"));
    await writeInferenceModel(cut, folder, { precision: "fp32" });
    const decoder = await Decoder.open(folder, { threads: 1 });
    for (const [row, ids] of golden.ids.entries()) {
      expect(worstDifference(await trainingLogits(cut, ids, [ids.length - 1]), expected(row))).toBeLessThan(
        1e-4,
      );
      decoder.truncate(0);
      expect(worstDifference(await decoder.read(ids), expected(row))).toBeLessThan(1e-4);
    }
    await decoder.close();
    rmSync(folder, { recursive: true });
  });
});

/** Fixtures with blocks of several kinds, what mlx-lm reads of a cut's configuration, and which programs know a pattern alone. */
const patterns: readonly {
  name: string;
  /** Null: it cannot load this cut. */
  readByMlx: (cut: JsonObject) => JsonObject | null;
  /** What Ollama reads otherwise than llama.cpp. */
  readByOllama?: JsonObject;
  /** The key of a GGUF file that some versions of llama.cpp do not read. */
  unread?: string;
  bound: readonly Program[];
}[] = [
  {
    name: "gemma3",
    readByMlx: (cut) =>
      Number(cut.sliding_window_pattern ?? 6) > Number(cut.num_hidden_layers)
        ? null
        : { ...cut, layer_types: null },
    readByOllama: { sliding_window_pattern: 6 },
    bound: ["llama.cpp", "mlx-lm", "ollama"],
  },
  { name: "smollm3", readByMlx: (cut) => cut, bound: ["llama.cpp", "ollama"] },
  {
    name: "olmo3",
    readByMlx: (cut) => (new Set(cut.layer_types as readonly string[]).size === 2 ? cut : null),
    unread: "olmo2.attention.sliding_window_pattern",
    bound: ["llama.cpp", "mlx-lm", "ollama"],
  },
  { name: "gemma2", readByMlx: (cut) => cut, bound: ["llama.cpp", "ollama"] },
];

describe.each(patterns)(
  "what programs can express after a cut of $name",
  ({ name, readByMlx, readByOllama, unread = "", bound }) => {
    const { architecture, config, json } = goldenModel(readGolden(name));
    const { blocks } = config;
    const cuts = Array.from({ length: 2 ** blocks.length - 1 }, (_, index) =>
      blocks.flatMap((_, block) => (((index + 1) >> block) & 1 ? [block] : [])),
    );
    const kindsOf = (kept: readonly number[]) => kept.map((block) => blocks[block]!.name);
    const can = (program: Program, kept: readonly number[]): boolean => {
      const choice = architecture.expressible(config, program, kept.length);
      const kinds = kindsOf(kept);
      const own =
        choice === null ||
        ("required" in choice
          ? choice.required.every((kind) => kinds.includes(kind))
          : choice.some((sequence) => sequence.join() === kinds.join()));
      return own && (program !== "ollama" || can("llama.cpp", kept));
    };
    const readAgain = (program: Program, cut: JsonObject): Config | null => {
      if (program === "transformers") return architecture.config(cut, "cut");
      if (program === "mlx-lm") {
        const read = readByMlx(cut);
        return read && architecture.config(read, "cut");
      }
      const form = architecture.gguf!;
      const tokens = Array.from({ length: config.vocabularySize }, (_, id) => String(id));
      const metadata = new Map([...form.metadata(cut), ["tokenizer.ggml.tokens", tokens]]);
      metadata.delete(unread);
      const read = form.config({ metadata, has: () => false, vector: () => null });
      return architecture.config({ ...read, ...(program === "ollama" ? readByOllama : {}) }, "cut");
    };

    test.each(PROGRAMS)(
      "%s sees the kinds of a cut's blocks wherever it is said to, and nowhere else",
      (program) => {
        for (const kept of cuts) {
          const read = readAgain(program, architecture.cut(json, kept));
          const seen = read && kindNames(read).join() === kindsOf(kept).join();
          expect(seen ?? false, kept.join()).toBe(can(program, kept));
        }
        expect(cuts.some((kept) => !can(program, kept))).toBe(bound.includes(program));
      },
    );

    test("a length is reachable if some cut to it suits all programs", () => {
      const expressible = (program: Program, length: number) =>
        architecture.expressible(config, program, length);
      const together: Program[][] = [
        ...[[], ["transformers"], ["mlx-lm"]],
        ...[
          ["llama.cpp", "transformers"],
          ["llama.cpp", "mlx-lm"],
        ],
      ] as Program[][];
      for (const programs of together)
        for (const left of cuts)
          for (let length = 1; length <= left.length; length++) {
            const suits = (kept: readonly number[]) =>
              kept.length === length &&
              kept.every((block) => left.includes(block)) &&
              programs.every((program) => can(program, kept));
            expect(isReachable(expressible, programs, kindsOf(left), length)).toBe(cuts.some(suits));
          }
    });
  },
);
