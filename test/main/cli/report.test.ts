/** What is written down of a whole job holds nothing of what it was about: words that are in it everywhere are in no log and no report. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../../main/services/open.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";
import { tinyTrim } from "./tiny-trim.ts";

/** In the data's text, its files' names and folder, the run's name, its note, the prompt, a broken row. */
const canaries = ["Zebrafink", "Quastenflosser", "Nachtschwalbe", "Wiedehopf", "Steinadler"];

const logsIn = (home: string) =>
  readdirSync(join(home, "logs"))
    .map((name) => readFileSync(join(home, "logs", name), "utf8"))
    .join("\n");

function expectNoCanary(text: string, folder: string): void {
  for (const canary of canaries) expect(text.toLowerCase()).not.toContain(canary.toLowerCase());
  expect(text).not.toContain(folder);
}

test(
  "logs and report of a trim, an answer and failures contain only figures",
  { timeout: 240_000 },
  async () => {
    const { home, folder, trim, model } = await tinyTrim(join(temporaryFolder(), "Nachtschwalbe"));
    const data = join(folder, "data");
    const train = readFileSync(join(data, "train.jsonl"), "utf8").replaceAll("ladder", "Zebrafink");
    writeFileSync(join(data, "train.jsonl"), `${train}{"prompt": "Wiedehopf", "completion": ""}\n`);
    renameSync(data, join(folder, "Quastenflosser"));
    const named = trim.map((argument) => (argument === data ? join(folder, "Quastenflosser") : argument));

    const done = await coppice(home, named);
    expect(done.code, done.errors).toBe(0);
    const run = done.events.at(-1)!["runId"] as string;
    const services = openServices(home);
    services.runs.describe(run, { name: "Steinadler", note: "Steinadler", tags: ["Steinadler"] });
    services.close();
    const answer = await coppice(home, ["generate", "--model", run, "--prompt", "The Zebrafink"]);
    expect(answer.code, answer.errors).toBe(0);
    const broken = join(folder, "Wiedehopf.jsonl");
    writeFileSync(broken, '{"prompt": Steinadler}\n'.repeat(5));
    const failed = await coppice(home, ["trim", "--model", model, "--data", broken]);
    expect(failed.errors).toContain("Wiedehopf.jsonl");

    const logs = logsIn(home);
    expect(logs).toContain('"job":"trim"');
    expect(logs).toContain('"code":"bad-data"');
    expectNoCanary(logs, folder);
    const { code, output } = await coppice(home, ["report", run]);
    expect(code).toBe(0);
    expect(output).toContain(`run ${run.slice(-5)}: done`);
    expect(output).toContain("validation: {");
    expect(output).toContain("outcome: {");
    expectNoCanary(output, folder);
  },
);

test("a report is written to a file, also for a home that cannot be opened", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "report.txt");
  const { code, output } = await coppice(join(folder, "home"), ["report", "--out", out]);
  expect([code, output]).toEqual([0, `The report is in "${out}". Read it before you share it.\n`]);
  expect(readFileSync(out, "utf8")).toContain("== versions ==\nCoppice ");
  writeFileSync(join(folder, "file"), "");
  const closed = await coppice(join(folder, "file", "home"), ["report"]);
  expect(closed.code).toBe(0);
  expect(closed.output).toContain("the folder could not be opened: {");
});
