/**
 * A script that is bundled and run on two systems: `answer-natively FOLDER` reads weights.bin and program.json there, and prints what
 * the native decoder answers with every set of instructions that this processor has.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ropeTables } from "../../native-models/architectures/rope.ts";
import type { Rope } from "../../native-models/architectures/architecture.ts";
import { KERNELS, NativeDecoder } from "../../native-models/inference/native.ts";
import type { KernelName } from "../../native-models/inference/native.ts";
import type { StepProgram } from "../../native-models/inference/steps.ts";
import { WEIGHTS_FILE } from "../../native-models/inference/weights-file.ts";

/** What the script is given beside the weights. */
export interface Given {
  readonly program: StepProgram;
  readonly rotations: readonly Rope[];
  readonly vocabularySize: number;
}

/** An answer: its tokens, and the hash of all its logits. */
export interface Answered {
  readonly tokens: readonly number[];
  readonly logits: string;
}

const TOKENS = 12;
const ROWS = 16; // for the prompt, and for all tokens of the answer but the last
const PROMPT = [5, 6, 7, 8, 9];

function answer(folder: string, given: Given, kernels: KernelName, threads: number): Answered | null {
  const { program, rotations, vocabularySize } = given;
  const decoder = NativeDecoder.open(join(folder, WEIGHTS_FILE), program, { threads, kernels });
  if (!decoder) return null;
  const caches = program.attentions.flatMap(({ kvHeads, headDim }) =>
    [0, 1].map(() => new Uint16Array(kvHeads * ROWS * headDim)),
  );
  const [tokens, hash] = [[] as number[], createHash("sha256")];
  const logits = new Float32Array(vocabularySize);
  let [piece, position] = [PROMPT, 0];
  while (tokens.length < TOKENS) {
    const growth = new Float32Array(piece.length).fill(1);
    const angles = rotations.map((rotation) => ({
      ...ropeTables(rotation, piece.length, position, 0),
      growth,
    }));
    const text = { tokens: piece, position, caches, rows: ROWS, angles, states: [] };
    decoder.run([text], [piece.length - 1], logits);
    hash.update(logits);
    tokens.push(logits.reduce((best, value, token) => (value > logits[best]! ? token : best), 0));
    position += piece.length;
    piece = [tokens.at(-1)!];
  }
  decoder.close();
  return { tokens, logits: hash.digest("hex") };
}

function answers(folder: string): Record<string, Answered | null> {
  const given = JSON.parse(readFileSync(join(folder, "program.json"), "utf8")) as Given;
  const all: Record<string, Answered | null> = {};
  for (const kernels of KERNELS)
    for (const threads of [1, 2, 3]) {
      try {
        all[`${kernels}, ${threads}`] = answer(folder, given, kernels, threads);
      } catch (error) {
        if (!/lacks these instructions/.test((error as Error).message)) throw error;
      }
    }
  return all;
}

console.log(JSON.stringify(answers(process.argv[2]!)));
