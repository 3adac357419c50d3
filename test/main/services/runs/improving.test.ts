import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { correctAnswer } from "../../../../main/services/runs/correcting.ts";
import {
  correctionsErasedWith,
  correctionsWithout,
  eraseDataSet,
  keepAllCorrections,
} from "../../../../main/services/runs/correction-sets.ts";
import { prepareImprovement } from "../../../../main/services/runs/improving.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Failure } from "../../../../native-models/failure.ts";
import { cutSample } from "../../cut-sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

const plenty = { memoryBytes: () => 1e12, diskBytes: () => 1e12 };

const methods = { "recovery-prompt": { vectors: 4, epochs: 2, learningRate: 5e-3 } };

const reading = new Reading();
afterAll(() => reading.stop());

/** A finished run of the sample's data whose result is the sample's model, and a conversation with it. */
async function chatted() {
  const services = servicesForTest();
  const { home, datasets, models, runs, conversations } = services;
  const data = cutSample(temporaryFolder(), { "train.jsonl": 40, "valid.jsonl": 8, "test.jsonl": 12 });
  const read = await reading.dataset({ data: [data] }, sample.model, 1, home.datasets);
  const entry = { path: sample.model, name: "sample", format: "safetensors", architecture: "llama" };
  const run = runs.create(
    { ...planWithSeed(3), data: { path: read.folder }, methods },
    {
      name: "Hire clauses",
      modelId: models.remember({ ...entry, summary: {}, sizeBytes: 1, sha256: null }).id,
      datasetId: datasets.remember(read).id,
    },
  );
  runs.start(run.id);
  runs.finish(run.id, { output: sample.model, peakMemoryBytes: 1 });
  const { id: conversation } = conversations.create({ title: "Hire", model: run.id, sampling: {} });
  return {
    ...services,
    services,
    run: run.id,
    testQuestion: (await reading.rows({ ...page, folder: read.folder })).rows[0]!,
    /** Asks and corrects. */
    correct(question: string, right: string, model = run.id) {
      const asked = conversations.ask(conversation, { role: "user", content: question });
      const message = conversations.startAnswer(conversation, asked, model);
      conversations.endAnswer(message, { content: " No", state: "done", tokens: 1, tokensPerSecond: 1 });
      return correctAnswer(services, reading, { conversation, message, right, passage: "" });
    },
    /** `meanwhile`: before its run is queued. */
    improve: (of = run.id, meanwhile?: () => Promise<void>) =>
      prepareImprovement(
        services,
        reading,
        { run: of, language: "en" },
        { free: plenty, ...(meanwhile && { confirm: meanwhile }) },
      ),
  };
}

const page = { split: "test", search: "", offset: 0, limit: 1 } as const;
const nameOf = (run: string) => `Corrections of ${run}`;

test("corrections become a data set that grows, and a plan that starts from the run's model", async () => {
  const { services, dataSets, runs, run, correct, improve } = await chatted();
  await correct("Who cleans the cart?", "The hirer");
  await keepAllCorrections(services, reading, nameOf);
  expect(dataSets.list()).toMatchObject([
    { name: "Corrections of Hire clauses", kept: true, rows: { train: 1 } },
    {},
  ]);
  await correct("Who oils the saw?", "The owner");
  await keepAllCorrections(services, reading, nameOf);
  const sets = dataSets.list().filter((set) => set.corrections);
  expect(sets.map(({ name, version, rows }) => [name, version, rows.train])).toEqual([
    ["Corrections of Hire clauses", 2, 2], // no run has used version 1
  ]);

  const { run: improved, dataset } = await improve();
  expect(improved).toMatchObject({
    name: "Hire clauses, improved",
    datasetId: runs.get(run).datasetId,
    plan: {
      recipe: "improve",
      model: { path: sample.model },
      data: runs.get(run).plan.data,
      tune: { maxEpochs: 32 }, // of ten rows
      trim: { keep: { fraction: 1 } },
      methods,
      improvement: { of: run, lineage: run },
    },
  });
  expect(dataset.report.splits.train!.examples).toBe(2 + 2 * 4);

  const { id: used, runs: users } = dataSets.list().find(({ name }) => name.startsWith("Corrections"))!;
  expect(users).toEqual([{ id: improved.id, name: "Hire clauses, improved", corrections: true }]);
  expect(await failureIn(dataSets.erase(used))).toMatchObject({ code: "bad-choice" });
  dataSets.rename(used, "What it got wrong");
  await correct("Who paints the boat?", "Nobody");
  await keepAllCorrections(services, reading, nameOf);
  const named = dataSets.list().filter(({ name }) => name === "What it got wrong");
  expect(named.map(({ version, rows }) => [version, rows.train]).sort()).toEqual([
    [1, 2],
    [2, 3],
  ]);
});

test("corrections that an improvement is prepared from stay while others come", async () => {
  const { services, dataSets, correct, improve } = await chatted();
  const versions = () =>
    dataSets
      .list()
      .filter((set) => set.corrections)
      .map(({ rows }) => rows.train)
      .sort();
  await correct("Who cleans the cart?", "The hirer");
  const stopped = improve(undefined, async () => {
    await correct("Who oils the saw?", "The owner");
    await keepAllCorrections(services, reading, nameOf);
    expect(versions()).toEqual([1, 2]);
    const used = dataSets.list().find(({ rows }) => rows.train === 1)!;
    expect(await failureIn(dataSets.erase(used.id))).toMatchObject({ code: "bad-choice" });
    throw new Error("the person leaves");
  });
  await expect(stopped).rejects.toThrow("the person leaves");

  await correct("Who paints the boat?", "Nobody");
  await keepAllCorrections(services, reading, nameOf);
  expect(versions()).toEqual([3]); // no run has used the others
});

test("a question of the test part is kept, but never trained on", async () => {
  const { services, testQuestion, correct, improve, corrections, run } = await chatted();
  const question = testQuestion.kind === "question" ? testQuestion.question : "";
  expect(await correct(question, "Yes")).toMatchObject({ heldOut: "test" });
  expect(correctionsWithout(services, [run])).toEqual({ stay: 0, go: 1 });
  expect(await failureIn(improve())).toMatchObject({ code: "too-little-data" });
  expect(corrections.ofLineage(run)).toHaveLength(1);
  // Nor is an answer of a model that is no run's, or an unfinished one's.
  expect(await failureIn(correct("Who?", "Me", "sample"))).toMatchObject({ code: "bad-choice" });
  const other = services.runs.create(planWithSeed(4), { name: "Later" });
  expect(await failureIn(improve(other.id))).toMatchObject({ code: "bad-choice" });
});

test("an improvement can be corrected and improved again, with all corrections so far", async () => {
  const { services, eraser, runs, dataSets, correct, improve, run } = await chatted();
  await correct("Who cleans the cart?", "The hirer");
  const { run: first } = await improve();
  runs.start(first.id);
  runs.finish(first.id, { output: sample.model, peakMemoryBytes: 1 });
  expect(await correct("Who oils the saw?", "The owner", first.id)).toMatchObject({ run: first.id });
  const { run: second } = await improve(first.id);
  expect(second).toMatchObject({
    name: "Hire clauses, improved 2",
    plan: { improvement: { of: first.id, lineage: run } },
  });
  expect(services.corrections.ofLineage(run)).toHaveLength(2);

  // They go with the last run of their lineage; a data set of them stays.
  runs.cancel(second.id);
  expect(correctionsWithout(services, [run, first.id])).toEqual({ stay: 0, go: 0 });
  expect(correctionsWithout(services, [run, first.id, second.id])).toEqual({ stay: 2, go: 0 });
  await keepAllCorrections(services, reading, nameOf);
  await eraser.erase([run, first.id]);
  expect(services.corrections.ofLineage(run)).toHaveLength(2);
  await eraser.erase([second.id]);
  expect(services.corrections.ofLineage(run)).toEqual([]);
  expect(dataSets.list().filter((set) => set.corrections)[0]!.rows.train).toBe(2);
});

test("an improvement has a name of its own, also once others of its lineage or its first run are deleted", async () => {
  const { eraser, runs, correct, improve, run } = await chatted();
  await correct("Who cleans the cart?", "The hirer");
  const improved = async (of: string) => {
    const { id, name } = (await improve(of)).run;
    runs.start(id);
    runs.finish(id, { output: sample.model, peakMemoryBytes: 1 });
    return { id, name };
  };
  const first = await improved(run);
  const second = await improved(first.id);
  await eraser.erase([first.id]);
  const third = await improved(second.id);
  await eraser.erase([run]);
  const fourth = await improved(third.id);
  expect([first, second, third, fourth].map(({ name }) => name)).toEqual([
    "Hire clauses, improved",
    "Hire clauses, improved 2",
    "Hire clauses, improved 3",
    "Hire clauses, improved 4",
  ]);
});

test("corrections belong to the runs that they correct, whatever the names of these", async () => {
  const { services, correct, run, corrections, dataSets, runs } = await chatted();
  const other = runs.create(runs.get(run).plan, {
    name: "Hire clauses",
    datasetId: runs.get(run).datasetId!,
  });
  runs.start(other.id);
  runs.finish(other.id, { output: sample.model, peakMemoryBytes: 1 });
  await correct("Who cleans the cart?", "The hirer");
  await correct("Who cleans the cart?", "The hirer", other.id);
  await correct("Who oils the saw?", "The owner", other.id);
  const listed = async () => {
    await keepAllCorrections(services, reading, nameOf);
    const sets = dataSets.list().filter((set) => set.corrections);
    return sets.map(({ name, versions, rows }) => [name, versions, rows.train]).sort();
  };
  const rows = (await listed()).map(([, ...counts]) => counts);
  expect(rows.sort()).toEqual([
    [1, 1],
    [1, 2],
  ]);
  expect((await listed()).map(([name]) => name).sort()).toEqual([
    "Corrections of Hire clauses",
    "Corrections of Hire clauses 2",
  ]);

  const second = dataSets.list().find(({ lineage }) => lineage === other.id)!;
  await eraseDataSet(services, second.id);
  expect(corrections.ofLineage(other.id)).toEqual([]);
  expect(corrections.ofLineage(run)).toHaveLength(1);
});

test("the data set of corrections keeps a person's name, and goes with the last correction", async () => {
  const { services, correct, corrections, dataSets, run } = await chatted();
  const named = () => dataSets.list().filter((set) => set.corrections);
  await correct("Who cleans the cart?", "The hirer");
  await keepAllCorrections(services, reading, nameOf);
  dataSets.rename(named()[0]!.id, "What it got wrong");
  await correct("Who oils the saw?", "The owner");
  await keepAllCorrections(services, reading, nameOf);
  expect(named()).toMatchObject([{ name: "What it got wrong", rows: { train: 2 } }]);

  for (const { id } of corrections.ofLineage(run)) corrections.remove(id);
  await keepAllCorrections(services, reading, nameOf);
  expect(named()).toEqual([]);
});

test("deleting an older version leaves the corrections, and deleting the one that has them deletes these alone", async () => {
  const { services, correct, corrections, dataSets, improve, run, runs, testQuestion } = await chatted();
  const listed = async () => {
    await keepAllCorrections(services, reading, nameOf);
    return dataSets.list().filter((set) => set.corrections);
  };
  const improved = async () => runs.cancel((await improve()).run.id);
  await correct("Who cleans the cart?", "The hirer");
  await improved();
  const [alone] = await listed();
  const taken = await correct("Who oils the saw?", "The owner");
  await improved();
  const [both] = await listed();
  const question = testQuestion.kind === "question" ? testQuestion.question : "";
  await correct(question, "Yes");
  corrections.remove(taken.id);

  const [present] = await listed();
  expect(present).toMatchObject({ id: alone!.id, rows: { train: 1 } });
  dataSets.rename(alone!.id, "What it got wrong");
  const going = () => [alone, both].map((set) => correctionsErasedWith(services, set!.id).length);
  expect(going()).toEqual([1, 0]);
  await eraseDataSet(services, both!.id);
  expect(corrections.ofLineage(run)).toHaveLength(2);
  expect((await listed()).map(({ id }) => id)).toEqual([alone!.id]);

  // That of a test question is in no data set, and stays beside its answer.
  await eraseDataSet(services, alone!.id);
  expect(corrections.ofLineage(run)).toMatchObject([{ right: "Yes", heldOut: "test" }]);
  expect(await listed()).toEqual([]);
});

test("corrections that were changed since a version was made do not go with it", async () => {
  const { services, correct, corrections, dataSets, run } = await chatted();
  await correct("Who cleans the cart?", "The hirer");
  await keepAllCorrections(services, reading, nameOf);
  const before = dataSets.list().find((set) => set.corrections)!;
  await correct("Who oils the saw?", "The owner");
  expect(correctionsErasedWith(services, before.id)).toEqual([]);
  await eraseDataSet(services, before.id);
  expect(corrections.ofLineage(run)).toHaveLength(2);
});

test("corrections that cannot be read keep no other data set from being shown", async () => {
  const { services, correct, dataSets, run, runs } = await chatted();
  await correct("Who cleans the cart?", "The hirer");
  rmSync(join(runs.get(run).plan.data.path, "report.json"));
  await keepAllCorrections(services, reading, nameOf);
  expect(dataSets.list()).toHaveLength(1);
});

/** The failure that a promise is rejected with. */
async function failureIn(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.unreachable("it ended well"),
    (error: unknown) => failureOf(error),
  );
}
