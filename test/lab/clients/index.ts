/**
 * Asks the local server what other people's tests and programs ask, and writes test/lab/results/server.json:
 *
 *   node build/run.js test/lab/clients/index.ts
 *
 * llama.cpp's server tests, and lm-evaluation-harness beside our own evaluation. test/lab/reference/setup.ts installs both on first use.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sample } from "../../../main/services/models/sample.ts";
import { inferChoiceStyle } from "../../../native-models/evaluation/choices.ts";
import type { Question } from "../../../native-models/evaluation/choices.ts";
import { start } from "../../main/cli/command.ts";
import { pretty } from "../bench/harness/landed.ts";
import { correctOf } from "../study/results.ts";
import { bothOn } from "../study/cross-check.ts";
import { countsOf, llamaServerOutcomes } from "./llama-server.ts";
import type { ServerResults } from "./llama-server.ts";

const RESULT = fileURLToPath(new URL("../results/server.json", import.meta.url));
const THREADS = 2;

const homes = mkdtempSync(join(tmpdir(), "coppice-clients-"));
const serve = (...more: string[]) =>
  start(join(homes, more.join()), ["serve", "--model", "sample", "--port", "0", "--json", ...more]);
const servers = [serve("--no-token"), serve("--precision", "fp32")];
try {
  const [open, guarded] = await Promise.all(
    servers.map(async (server) => {
      const { url, token } = await server.event(({ event }) => event === "serving");
      return { url: url as string, token: token as string };
    }),
  );
  const portOf = ({ url }: { url: string }) => Number(new URL(url).port);
  const llamaServer = await llamaServerOutcomes({
    model: "sample",
    open: portOf(open!),
    guarded: portOf(guarded!),
    token: guarded!.token,
  });
  const questions = readFileSync(join(sample.data, "test.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Question);
  const { style } = inferChoiceStyle([], questions);
  const served = { ...guarded!, name: "sample" };
  const { here, there, ...rest } = await bothOn(questions, style, {
    model: sample.model,
    threads: THREADS,
    served,
  });
  const right = (marks: string) => correctOf(marks).filter(Boolean).length;
  const agreeing = [...here].filter((mark, at) => mark === there[at]).length;
  const harness: ServerResults["harness"] = {
    questions: questions.length,
    here: right(here),
    there: right(there),
    agreeing,
    ...rest,
  };
  const results: ServerResults = { llamaServer, harness };
  writeFileSync(RESULT, await pretty(JSON.stringify(results), RESULT));
  console.log("llama.cpp's server tests:", countsOf(llamaServer));
  console.log("lm-evaluation-harness through the server, and our own evaluation:", harness);
} finally {
  for (const { process } of servers) process.kill();
  rmSync(homes, { recursive: true, force: true });
}
