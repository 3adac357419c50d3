/** llama.cpp's own server tests, pointed at this server: which of their cases apply, and which of these pass. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { llamaServerTests, pythonEnvironment } from "../reference/setup.ts";

export interface ServedModel {
  readonly model: string;
  /** The ports of a server without a token, and of one with it. */
  readonly open: number;
  readonly guarded: number;
  readonly token: string;
}

/** Passed and failed cases apply; the others ask what only llama-server has, or what is refused here by a sentence, or load gigabytes. */
type Outcome =
  "passed" | "failed" | "other-route" | "own-field" | "own-start" | "refused-here" | "large-model";

type Counts = Partial<Record<Outcome, number>>;

/** How many cases of each test function ended how, by their files. */
type Outcomes = Record<string, Record<string, Counts>>;

/** What test/lab/results/server.json has. */
export interface ServerResults {
  readonly llamaServer: Outcomes;
  /** Questions that were answered correctly by our own evaluation, and through the server; and those in which both agree. */
  readonly harness: {
    readonly questions: number;
    readonly here: number;
    readonly there: number;
    readonly agreeing: number;
    readonly versions: Readonly<Record<string, string>>;
    /** Of the log-likelihoods of the choices, in nats. */
    readonly largestDifference: number;
  };
}

interface Case {
  readonly file: string;
  readonly case: string;
  readonly outcome: "passed" | "failed" | "skipped" | "slow";
  readonly missing: readonly string[];
  readonly failed: string;
}

/** What only their test model, or only llama-server, answers: these lines are not compared, the rest of their cases is. */
const LEFT_OUT = RegExp(
  [
    String.raw`^( *)assert .*(match_regex\(|== n_prompt$|== n_predicted$|== finish_reason$|finish_reason("\])? == "length"`,
    String.raw`|system_fingerprint|content"\] is None|delta\.content is None|== "llama-test-model"|== server.model_alias).*`,
  ].join(""),
  "gm",
);

/** Why failed cases do not apply, by their names and the lines that failed; the first that fits. */
const NOT_APPLYING: readonly (readonly [RegExp, Outcome])[] = [
  [/\/health|static_assets|anthropic|multiple_addresses/, "other-route"],
  [
    /grammar|json_schema|response_format[01]-|continue_final|vision_chat|media_file|TEST_TOOL|tools1/,
    "refused-here",
  ],
  [/cors_/, "refused-here"],
  [/__verbose|timings|progress|cached_tokens|"models"\]|aliases|_error"|messages7/, "own-field"],
  [/^test_(router|stream|lora|speculative|slot_save|mcp|kv_keep|vision)/, "own-start"],
];

/** Asks every case that needs no model of gigabytes. Throws a sentence about what is missing. */
export async function llamaServerOutcomes(served: ServedModel): Promise<Outcomes> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-cases-"));
  try {
    const { python, tests } = llamaServerTests();
    cpSync(tests, folder, { recursive: true });
    const unit = join(folder, "unit");
    for (const name of readdirSync(unit)) {
      const path = join(unit, name);
      writeFileSync(path, readFileSync(path, "utf8").replace(LEFT_OUT, "$1pass"));
    }
    const out = join(folder, "cases.jsonl");
    const child = spawn(
      python,
      ["-m", "pytest", "-p", "llama_server_cases", "-m", "not slow", "-q", "unit"],
      {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          ...pythonEnvironment(),
          PYTHONPATH: [fileURLToPath(new URL(".", import.meta.url)), folder].join(delimiter),
          DEBUG_EXTERNAL: "1",
          SERVED: JSON.stringify({ ...served, out }),
        },
      },
    );
    await once(child, "close");
    const lines = readFileSync(out, "utf8").trim().split("\n");
    return counted(lines.map((line) => JSON.parse(line) as Case));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function counted(cases: readonly Case[]): Outcomes {
  const outcomes: Outcomes = {};
  for (const one of cases) {
    const [test] = one.case.split("[") as [string];
    const counts = ((outcomes[one.file] ??= {})[test] ??= {});
    const outcome = outcomeOf(one);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return outcomes;
}

function outcomeOf({ file, case: name, outcome, missing, failed }: Case): Outcome {
  if (outcome === "slow") return "large-model";
  if (missing.length > 0) return "other-route";
  if (outcome === "passed") return "passed";
  const [, why] = NOT_APPLYING.find(([sign]) => sign.test(`${name} ${failed}`) || sign.test(file)) ?? [];
  return why ?? (outcome === "skipped" ? "own-start" : "failed");
}

/** All cases by their outcomes. */
export function countsOf(outcomes: Outcomes): Counts {
  const sums: Counts = {};
  for (const counts of Object.values(outcomes).flatMap(Object.values<Counts>))
    for (const [outcome, count] of Object.entries(counts) as [Outcome, number][])
      sums[outcome] = (sums[outcome] ?? 0) + count;
  return sums;
}
