/**
 * How corrections should be mixed and taught: docs/decisions/0041-corrections.md. A run is trained on every second training row of a set. The
 * first half of the other rows is asked, and those that its model answers wrong become the corrections; the second half is off-domain data, which shows
 * what is learnt about similar questions. Choices are made by validation rows.
 *
 *     node build/run.js test/lab/study/corrections.ts --data native-models/sample/data --model native-models/sample/model --folder FOLDER
 *
 * The run and the figures stay in FOLDER: the same call continues with the missing arms.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { patched, PlanPatch } from "../../../preload/contract/plans/plan.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { ChatEngine } from "../../../main/services/chat/chat-engine.ts";
import { openServices } from "../../../main/services/open.ts";
import type { Services } from "../../../main/services/open.ts";
import type { ImprovementChoices } from "../../../main/services/plans/improvement.ts";
import { Reading } from "../../../main/services/data/reading.ts";
import { addCorrections } from "../../../main/services/runs/correcting.ts";
import { prepareImprovement } from "../../../main/services/runs/improving.ts";
import { startTrim } from "../../../main/services/runs/running-trim.ts";
import { prepareTrim } from "../../../main/services/runs/trimming.ts";
import { isExactMatch } from "../../../native-models/evaluation/exact-match.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    model: { type: "string" },
    folder: { type: "string" },
    corrections: { type: "string", default: "14" },
    keep: { type: "string", default: "0.5" },
    settings: { type: "string", default: "{}" },
    arms: { type: "string", default: "" },
  },
});

interface Row {
  readonly prompt: string;
  readonly completion: string;
}

interface Figures {
  readonly arm: string;
  readonly validation: unknown;
  readonly metrics: TrimOutcome["metrics"];
  readonly seconds: number;
}

const arms: Readonly<Record<string, ImprovementChoices>> = Object.fromEntries(
  [0, 1, 4, 16].flatMap((rehearsal) =>
    [2e-4, 5e-4, 1e-3].flatMap((learningRate) =>
      [4, 8].map((epochs) => [
        `${rehearsal} rows each, ${learningRate}, ${epochs} epochs`,
        { rehearsal, learningRate, epochs },
      ]),
    ),
  ),
);

const folder = resolve(values.folder!);
const [data, model] = [resolve(values.data!), resolve(values.model!)];
mkdirSync(folder, { recursive: true });
const services = openServices(join(folder, "home"));
const reading = new Reading();
try {
  const run = services.runs.list().find(({ name }) => name === "study")?.id ?? (await trained(services));
  if (services.runs.get(run).state !== "done") await startTrim(services, run).done;
  const file = join(folder, "corrections.jsonl");
  if (!existsSync(file)) await choose(services, run, file);
  await addCorrections(services, reading, { run, file });
  const chosen = values.arms === "" ? Object.keys(arms) : values.arms.split(";");
  for (const arm of chosen) await improve(services, run, arm);
} finally {
  await reading.stop();
  services.close();
}

/** The data's training rows: every second one for the run; of the others, the first half to be asked and the second half off-domain. */
function parted(): { own: Row[]; asked: Row[]; like: Row[] } {
  const rows = readFileSync(join(data, "train.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
  const others = rows.filter((_, index) => index % 2 === 1);
  const half = Math.floor(others.length / 2);
  return {
    own: rows.filter((_, index) => index % 2 === 0),
    asked: others.slice(0, half),
    like: others.slice(half),
  };
}

async function trained(all: Services): Promise<string> {
  const { own, like } = parted();
  const write = (name: string, rows: readonly Row[]) => {
    const path = join(folder, name);
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return path;
  };
  const { run } = await prepareTrim(all, reading, {
    model: { path: model, name: "model" },
    sources: {
      data: [write("own.jsonl", own)],
      valid: [join(data, "valid.jsonl")],
      test: [join(data, "test.jsonl")],
      offDomain: [write("like.jsonl", like)],
    },
    patch: patched(PlanPatch.parse(JSON.parse(values.settings)), {
      trim: { keep: { fraction: Number(values.keep) } },
    }),
    name: "study",
  });
  await startTrim(all, run.id).done;
  return run.id;
}

/** Asks the run's model, as in chat, about rows it was not trained on, and writes what it gets wrong to `file`, with the right answers. */
async function choose({ home, runs }: Services, run: string, file: string): Promise<void> {
  const engine = await ChatEngine.open(home, runs.get(run).output!, { once: true });
  const wrong: object[] = [];
  const { asked } = parted();
  let right = 0;
  try {
    for (const { prompt, completion } of asked) {
      if (wrong.length === Number(values.corrections)) break;
      const content = prompt.replace(/\s*Answer:\s*$/, "");
      const { chatTemplate } = engine.loaded;
      const rendered = await engine.chatPrompt([{ role: "user", content }]);
      const sampling = { temperature: 0, maxTokens: 24, stop: ["\n"] };
      const special = chatTemplate.source !== null;
      let text = "";
      await engine.generate(rendered, { special, sampling, onText: (piece) => (text += piece) });
      if (isExactMatch(text, completion)) right++;
      else
        wrong.push({
          messages: [
            { role: "user", content },
            { role: "assistant", content: completion.trim() },
          ],
          wrong: text.trim(),
          passage: "",
        });
    }
  } finally {
    await engine.stop();
  }
  console.log(`asked ${right + wrong.length}, wrong ${wrong.length}`);
  writeFileSync(file, wrong.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

async function improve(all: Services, run: string, arm: string): Promise<void> {
  const path = join(folder, "figures.jsonl");
  const done = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const known = done.map((line) => JSON.parse(line) as Figures).find((one) => one.arm === arm);
  if (known) return show(known);
  const choices = arms[arm]!;
  const { run: improved } = await prepareImprovement(all, reading, {
    run,
    choices,
    name: arm,
    language: "en",
  });
  const { metrics, seconds } = await startTrim(all, improved.id).done;
  const figures = { arm, validation: metrics.trimmed.validation, metrics, seconds };
  writeFileSync(path, `${JSON.stringify(figures)}\n`, { flag: "a" });
  await all.eraser.erase([improved.id]);
  show(figures);
}

function show({ arm, metrics: { tuned, trimmed, improvement }, seconds }: Figures): void {
  const share = (of: { value: number } | null | undefined) => (of ? (100 * of.value).toFixed(1) : "–");
  const { validation, versusTuned, offDomain } = trimmed;
  const pairs = (versus: { onlyFirst: number; onlySecond: number } | null | undefined) =>
    versus ? `+${versus.onlyFirst} −${versus.onlySecond}` : "–";
  const { written, likelier } = improvement!;
  console.log(
    [
      arm.padEnd(36),
      `valid ${share(tuned.validation?.accuracy)} → ${share(validation?.accuracy)} (${pairs(validation?.versusTuned)}) nll ${tuned.validation?.answerNll?.toFixed(3)} → ${validation?.answerNll?.toFixed(3)}`,
      `test ${share(tuned.accuracy)} → ${share(trimmed.accuracy)} (${pairs(versusTuned)})`,
      `written ${written.before} → ${written.after} of ${written.of}`,
      `likelier ${likelier.before} → ${likelier.after} of ${likelier.of}`,
      `like them ppl ${tuned.offDomain?.perplexity?.toFixed(3)} → ${offDomain?.perplexity?.toFixed(3)}`,
      `${seconds.toFixed(0)} s`,
    ].join("  "),
  );
}
