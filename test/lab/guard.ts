/**
 * Compares what two checkouts compute, so that a change of the code's shape shows that it changed nothing else:
 *
 *     node build/run.js test/lab/guard.ts BEFORE [AFTER] [--only PART,…] [--models FOLDER] [--documents FOLDER] [--rows FOLDER] [--out FILE]
 *
 * Both need their dependencies. AFTER is this checkout by default. Each part runs in one and then in the other, on one machine, with
 * the same threads: figures and SHA-256, never wording, times or speeds. What was measured before is taken from `--out`, which makes a
 * long comparison resumable; `--anew` measures AFTER again. Exits with 1 if something differs.
 *
 * Parts: `logits` of every family's tiny models; `documents`: the text and the rows of each file in `--documents`; `demo`: its model, chat
 * model and figures, and its exports; `sample`: a run of the built-in sample by the default plan; `answers`: greedy answers of each GGUF
 * file in `--models` to 20 prompts; `trim`: the first of these models, trimmed on the data in `--rows`.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../build/root.ts";

type Figures = Record<string, string | number | boolean | null>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    models: { type: "string" },
    documents: { type: "string" },
    rows: { type: "string" },
    out: { type: "string", default: ".cache/guard.json" },
    anew: { type: "boolean", default: false },
  },
});
const [before, after = root] = positionals.map((folder) => resolve(folder));
if (before === undefined) throw new Error("Which checkout is compared with this one?");

const modelFiles = values.models
  ? readdirSync(values.models)
      .filter((name) => name.endsWith(".gguf"))
      .sort((a, b) => a.localeCompare(b))
      .map((name) => resolve(values.models!, name))
  : [];

/** Figures that differ from run to run: times, speeds, names. */
const VARYING = /second|tokensPerSecond|timesAsFast|peakMemory|runId|output|sizeBytes$/i;

const PROMPTS = [
  ...["What is a contract?", "Name three symptoms of influenza.", "Write a sentence about interest rates."],
  ...["Translate to German: The patient is well.", "Two plus three is", "List the months of spring."],
  ...["def fibonacci(n):", "The capital of France is", "Explain what a warranty is.", "Once upon a time"],
  ...[
    "SELECT name FROM",
    "What does 'liability' mean?",
    "Give an example of an asset.",
    "Why is the sky blue?",
  ],
  ...["Summarise: The lessee returns the item within eight days.", "1, 2, 3, 4,", "Dear Sir or Madam,"],
  ...["Which organ pumps blood?", "A haiku about rain:", "The opposite of profit is"],
];

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Runs a checkout's command line with a home of its own, and returns its lines of JSON. */
function command(checkout: string, home: string, args: readonly string[]): Record<string, unknown>[] {
  const node = join(checkout, "node_modules/node/bin/node");
  const { stdout, stderr, status } = spawnSync(node, ["main/cli.ts", "--json", ...args], {
    cwd: checkout,
    encoding: "utf8",
    maxBuffer: 2 ** 29,
    env: { ...process.env, COPPICE_HOME: home },
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The figures in a value, by their paths, without those that vary. */
function figures(value: unknown, path: string, into: Figures): void {
  if (VARYING.test(path)) return;
  if (value === null || typeof value !== "object") into[path] = value as Figures[string];
  else for (const [key, inner] of Object.entries(value)) figures(inner, `${path}.${key}`, into);
}

/** SHA-256 of a folder's files; of JSON and text its size is left to them, since they may name a run. */
function hashes(folder: string, path: string, into: Figures): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.(safetensors|bin|gguf|onnx)$/.test(entry.name))
      into[`${path}/${relative(folder, file)}`] = sha256(file);
  }
}

function withHome<T>(work: (home: string) => T): T {
  const home = mkdtempSync(join(tmpdir(), "coppice-guard-"));
  try {
    return work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The figures of a run's last line, and its model. */
function ofRun(events: Record<string, unknown>[], into: Figures): string {
  const done = events.findLast(({ event }) => event === "done")!;
  figures(done, "done", into);
  for (const { event, scores } of events) if (event === "scores") figures(scores, "scores", into);
  const answer = events.find(({ event }) => event === "answer");
  if (answer) into["answer"] = answer["text"] as string;
  const output = done["output"] as string;
  hashes(output, "model", into);
  return done["runId"] as string;
}

/** What a script computes in a checkout, whose modules it imports. */
function script(checkout: string, source: string, input: unknown): Figures {
  const node = join(checkout, "node_modules/node/bin/node");
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "-e", source];
  const { stdout, stderr, status } = spawnSync(node, args, {
    cwd: checkout,
    encoding: "utf8",
    maxBuffer: 2 ** 29,
    env: { ...process.env, GUARD: JSON.stringify(input) },
  });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\u0001") + 1)) as Figures;
}

const LOGITS = `
const at = (path) => import(process.cwd() + "/" + path);
const { createHash } = await import("node:crypto");
const { goldenNames, readGolden } = await at("test/native-models/architectures/golden-weights.ts");
const { hashedModel, trainingLogits } = await at("test/native-models/architectures/hashed-model.ts");
const found = {};
for (const name of goldenNames) {
  const golden = readGolden(name);
  const size = golden.config.vocab_size;
  const ids = Array.from({ length: 24 }, (_, place) => (place * 7 + 3) % size);
  const logits = await trainingLogits(hashedModel(golden.config, golden, name), ids, ids.map((_, place) => place));
  found[name] = createHash("sha256").update(new Uint8Array(logits.buffer)).digest("hex");
}
process.stdout.write("\\u0001" + JSON.stringify(found), () => process.exit(0));`;

const DOCUMENTS = `
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
const at = (path) => import(process.cwd() + "/" + path);
const folder = existsSync("main/documents") ? "main/documents" : "main/documents";
const { readDocuments } = await at(folder + "/read-document.ts");
const found = {};
for (const path of JSON.parse(process.env.GUARD)) {
  try {
    const [{ rows, count, leftOut }] = await readDocuments([path]);
    const text = JSON.stringify(rows, (key, value) => (value === path || key === "document" || key === "group" ? undefined : value));
    found[path] = rows.length + " " + createHash("sha256").update(text).digest("hex").slice(0, 16) + " " + leftOut.length;
  } catch (error) {
    found[path] = "refused: " + (error.failure?.code ?? "error");
  }
}
process.stdout.write("\\u0001" + JSON.stringify(found), () => process.exit(0));`;

const parts: Record<string, (checkout: string) => Figures> = {
  logits: (checkout) => script(checkout, LOGITS, null),
  documents(checkout) {
    if (!values.documents) return {};
    const files = readdirSync(values.documents, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => resolve(parentPath, name))
      .sort();
    return script(checkout, DOCUMENTS, files);
  },
  demo: (checkout) =>
    withHome((home) => {
      const found: Figures = {};
      const run = ofRun(command(checkout, home, ["demo"]), found);
      for (const format of ["hf", "gguf", "onnx", "ollama", "adapter"]) {
        const out = join(home, "exports", format);
        mkdirSync(join(home, "exports"), { recursive: true });
        try {
          command(checkout, home, ["export", run, "--format", format, "--out", out]);
          hashes(out, format, found);
        } catch (error) {
          found[format] = `refused: ${existsSync(out) ? "something was left" : (error as Error).name}`;
        }
      }
      return found;
    }),
  sample: (checkout) =>
    withHome((home) => {
      const found: Figures = {};
      const data = join(checkout, "native-models/sample/data");
      ofRun(command(checkout, home, ["trim", "--model", "sample", "--data", data, "--yes"]), found);
      return found;
    }),
  answers: (checkout) =>
    withHome((home) => {
      const found: Figures = {};
      const prompts = join(home, "prompts.jsonl");
      writeFileSync(
        prompts,
        PROMPTS.map((prompt, id) => JSON.stringify({ id: String(id), prompt })).join("\n"),
      );
      for (const model of modelFiles)
        for (const answer of command(checkout, home, [
          ...["generate", "--model", model, "--prompts", prompts, "--max-tokens", "32", "--threads", "2"],
        ]))
          if (typeof answer["text"] === "string")
            found[`${relative(values.models!, model)} ${String(answer["id"])}`] = answer["text"];
      return found;
    }),
  trim(checkout) {
    const [model] = modelFiles.filter((path) => /smol/i.test(path));
    if (!model || !values.rows) return {};
    return withHome((home) => {
      const found: Figures = {};
      ofRun(
        command(checkout, home, ["trim", "--model", model, "--data", resolve(values.rows!), "--yes"]),
        found,
      );
      return found;
    });
  },
};

const known: Record<string, Figures> = existsSync(values.out)
  ? JSON.parse(readFileSync(values.out, "utf8"))
  : {};

/** A part's figures in a checkout, measured once. */
function measured(part: string, checkout: string): Figures {
  const key = `${part} ${checkout}`;
  if (!known[key] || (values.anew && checkout === after)) {
    console.log(`${part}: ${checkout} …`);
    known[key] = parts[part]!(checkout);
    writeFileSync(values.out, JSON.stringify(known, null, 1));
  }
  return known[key];
}

let differences = 0;
for (const part of values.only?.split(",") ?? Object.keys(parts)) {
  const [was, is] = [measured(part, before), measured(part, after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const differing = keys.filter((key) => was[key] !== is[key]);
  differences += differing.length;
  console.log(`${part}: ${keys.length - differing.length} the same, ${differing.length} differ`);
  for (const key of differing) console.log(`  ${key}: ${was[key] ?? "missing"} → ${is[key] ?? "missing"}`);
}
process.exitCode = differences > 0 ? 1 : 0;
