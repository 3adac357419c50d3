/**
 * A separate program on a home, for tests to kill. `hold` takes the home and keeps it; `write` takes it and writes a
 * run without end, telling each row after it was acknowledged; `migrate` brings the home's database a version further;
 * `train` takes a run's folder as its trainer does, and keeps it. One JSON object a line on standard output.
 */
import { writeSync } from "node:fs";
import { migrations } from "../../../main/database/migrations/index.ts";
import { openDatabase } from "../../../main/database/open.ts";
import { Control } from "../../../main/trimming/job-control.ts";
import { holdRun } from "../../../main/trimming/journal/run-lock.ts";
import { homeIn } from "../../../main/home/home.ts";
import { openServices } from "../../../main/services/open.ts";
import type { Services } from "../../../main/services/open.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { planWithSeed } from "../services/plan.ts";
import { phaseOf } from "./writer-line.ts";
import type { Role } from "./writer-line.ts";

const [role, folder] = process.argv.slice(2) as [Role, string];
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

/** A step's figures, then a phase: the phase's return acknowledges both. Now and then a round and a message. */
function writeForEver({ runs, conversations }: Services): never {
  const { id } = runs.create(planWithSeed(1), { name: "kill me" });
  runs.start(id);
  const conversation = conversations.create({ title: id, model: "sample", sampling: {} });
  tell({ run: id, conversation: conversation.id });
  for (let step = 1; ; step++) {
    runs.record(id, {
      event: "step",
      step,
      loss: 1 / step,
      distillationLoss: null,
      learningRate: 1e-4,
      gradientNorm: 1,
      tokensPerSecond: 100,
      tokens: 256,
    });
    runs.record(id, phaseOf(step));
    const scores = [0, 1, 2, 3].map((unit) => ({ unit, score: step + unit, accuracy: null }));
    runs.record(id, { event: "scores", round: step, scorer: "nll-halving", rows: 50, scores });
    const message = conversations.ask(conversation.id, { role: "user", content: `question ${step}` });
    tell({ step, message });
  }
}

/** Forty tables and rows in one transaction: long enough to be killed in the middle. */
const aVersionFurther = Array.from(
  { length: 40 },
  (_, n) => `create table later${n} (content text) strict;
    insert into later${n} select hex(randomblob(2000)) from runEvents limit 200;
    update runs set note = note || '${n} ';`,
).join("\n");

if (role === "migrate") {
  tell({ migrating: true });
  openDatabase(homeIn(folder).database, [...migrations, aVersionFurther]).close();
  tell({ migrated: true });
} else if (role === "train") {
  await holdRun(folder, { control: new Control(), report: () => {} });
  tell({ holding: process.pid });
  process.stdin.resume();
} else {
  try {
    const services = openServices(folder);
    tell({ holding: process.pid });
    if (role === "write") writeForEver(services);
    process.stdin.resume().on("end", () => services.close());
  } catch (error) {
    tell({ failure: failureOf(error) });
  }
}
