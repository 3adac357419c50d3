/** A question to a person's own GGUF file, from the command to the end of the answer: both programs as whole processes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf } from "../../../main/services/home/kept-folders.ts";
import { nativeLlamaPython, REFERENCE_FOLDER } from "../reference/setup.ts";
import { givenFiles } from "./given-models.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";

/** About 64 tokens. */
const QUESTION =
  "Write a function that adds two numbers and returns the sum, then explain in one short paragraph how it works, which types its " +
  "arguments have, what happens if one of them is not a number, and how a caller should test it. Use simple words, and do not " +
  "repeat the question.";
const TOKENS = 16;
const COLD_ROUNDS = 3;
const CLI = fileURLToPath(new URL("../../../main/cli.ts", import.meta.url));

export const givenAnswers: Benchmark = {
  name: "given-answers",
  timed: true,
  measures:
    `The GGUF files named in COPPICE_GGUF: a question of about 64 tokens and ${TOKENS} tokens of answer, as a whole process, alternating with ` +
    "llama.cpp, which maps the file and does not repack it. The first answer is that of an empty home; the file is in the page cache, and for " +
    "a cold answer it is not. Disk: what a home then holds beside the file, as a share of it.",
  columns: [
    { key: "first", title: "first answer", unit: "seconds" },
    { key: "ours", title: "later answers", unit: "seconds" },
    { key: "theirs", title: "llama.cpp", unit: "seconds" },
    { key: "ratio", title: "later ÷ llama.cpp", unit: "ratio" },
    { key: "cold", title: "cold answer", unit: "seconds" },
    { key: "theirCold", title: "llama.cpp, cold", unit: "seconds" },
    { key: "disk", title: "disk ÷ file", unit: "ratio" },
  ],
  targets: ["smollm2-135m-q4_1", "gemma-3-270m-q4_k_m", "qwen2.5-coder-0.5b-q4_k_m"].flatMap((row) => [
    { row, column: "ratio", atMost: 1.5 },
    { row, column: "disk", atMost: 0.2 },
  ]),

  async run({ rounds, threads, wants }) {
    const rows: Row[] = [];
    for (const path of givenFiles().filter((file) => wants(basename(file, ".gguf")))) {
      const home = mkdtempSync(join(tmpdir(), "coppice-given-answers-"));
      const asked = ["--model", path, "--prompt", QUESTION, "--max-tokens", String(TOKENS)];
      const ours = () => secondsOf(process.execPath, [CLI, "--home", home, "generate", ...asked]);
      const script = join(REFERENCE_FOLDER, "llama-once.py");
      const theirs = () =>
        secondsOf(nativeLlamaPython(), [script, path, QUESTION, `${TOKENS}`, `${threads}`]);
      try {
        theirs(); // reads the file into the page cache
        const first = ours();
        const turns = Array.from({ length: rounds }, () => ({ ours: ours(), theirs: theirs() }));
        const cold = (run: () => number) => {
          forget(path);
          return run();
        };
        const figures = {
          first,
          cold: median(Array.from({ length: COLD_ROUNDS }, () => cold(ours))),
          theirCold: median(Array.from({ length: COLD_ROUNDS }, () => cold(theirs))),
          disk: (await bytesOf([home])) / statSync(path).size,
          ours: median(turns.map((turn) => turn.ours)),
          theirs: median(turns.map((turn) => turn.theirs)),
          ratio: median(turns.map((turn) => turn.ours / turn.theirs)),
        };
        rows.push({ name: basename(path, ".gguf"), figures });
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    }
    return rows;
  },
};

/** Has the system forget a file that it holds in memory. */
function forget(path: string): void {
  spawnSync("sync");
  const { status, stderr } = spawnSync("dd", [`if=${path}`, "iflag=nocache", "count=0"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`dd failed: ${stderr}`);
}

/** How long a program runs. Throws if it fails. */
function secondsOf(program: string, args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed: ${stderr.slice(-1000)}`);
  return (performance.now() - started) / 1000;
}
