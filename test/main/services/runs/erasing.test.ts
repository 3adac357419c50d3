import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chatCacheFolder } from "../../../../main/services/chat/chat-engine.ts";
import { finishedRun } from "./finished-run.ts";
import { clauses } from "./clauses.ts";
import { planWithSeed } from "../plan.ts";
import { failureOfWork } from "../../failure-from.ts";
import { servicesForTest } from "../services.ts";

describe("deleting a run", () => {
  test("says what it frees, then frees it", async () => {
    const services = servicesForTest();
    const { home, eraser, runs } = services;
    const id = await finishedRun(services, clauses);
    const look = await eraser.look([id]);
    const bytes = Object.fromEntries(look.parts.map(({ what, bytes }) => [what, bytes]));
    expect(bytes).toMatchObject({ model: 20_000, data: 4000 });
    expect(bytes.checkpoints).toBeGreaterThan(10_000);
    expect(look).toMatchObject({ conversations: 0, stays: [], running: [] });
    expect(await eraser.erase([id])).toBe(look.bytes);
    expect(runs.list()).toEqual([]);
    expect([home.runs, home.models, home.datasets].map((folder) => readdirSync(folder))).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("leaves no byte of its name, note or questions in the database files", async () => {
    const services = servicesForTest();
    const { home, eraser, runs, conversations } = services;
    const id = await finishedRun(services, { ...clauses, name: "Quillfeather" });
    await finishedRun(services, { ...clauses, name: "Stays", dataHash: "77aa" });
    runs.describe(id, { name: "Quillfeather", note: "Brambleworth versus Oxenford", tags: ["Thistledown"] });
    const talk = conversations.create({ title: "Marmaduke asks", model: id, sampling: {} });
    conversations.ask(talk.id, { role: "user", content: "Is Pumblechook liable?" }, null);
    mkdirSync(join(home.folder, "backups"), { recursive: true });
    writeFileSync(join(home.folder, "backups", "version-1.db"), "Quillfeather");
    const secrets = ["quillfeather", "brambleworth", "thistledown", "marmaduke", "pumblechook"];
    const found = () => {
      const files = readdirSync(home.folder, { recursive: true, withFileTypes: true });
      const texts = files
        .filter((file) => file.isFile() && /\.db/.test(file.name))
        .map((file) => readFileSync(join(file.parentPath, file.name), "latin1").toLowerCase());
      return secrets.filter((secret) => texts.some((text) => text.includes(secret)));
    };
    expect(found()).toEqual(secrets);
    await eraser.erase([id]);
    expect(found()).toEqual([]);
    expect(runs.list().map(({ name }) => name)).toEqual(["Stays"]);
    expect(conversations.list()).toEqual([]);
  });

  test("keeps the conversations with its model if asked to", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, clauses);
    services.conversations.create({ title: "A question", model: id, sampling: {} });
    expect((await services.eraser.look([id])).conversations).toBe(1);
    expect(services.eraser.inUse([id])).toEqual({
      conversations: [services.conversations.list()[0]!.id],
      models: [join(services.home.models, id)],
    });
    await services.eraser.erase([id], { conversations: false });
    expect(services.conversations.list()).toHaveLength(1);
  });

  test("deletes the models of its other depths and their chat weights too, but not those of a run with a longer name", async () => {
    const services = servicesForTest();
    const { home, eraser } = services;
    const id = await finishedRun(services, clauses);
    const longer = await finishedRun(services, { ...clauses, name: id });
    expect(longer.startsWith(`${id}-`)).toBe(true);
    const other = join(home.models, `${id}-round-1`);
    mkdirSync(other);
    mkdirSync(chatCacheFolder(home, other, "int4"));
    await eraser.erase([id]);
    expect(readdirSync(home.models)).toEqual([longer]);
    expect(readdirSync(home.cache)).toEqual([]);
  });

  test("keeps data and models that another run uses", async () => {
    const services = servicesForTest();
    const { home, eraser, runs, datasets } = services;
    const first = await finishedRun(services, clauses);
    const second = await finishedRun(services, { ...clauses, name: "Again" });
    const grown = planWithSeed(1);
    runs.create({ ...grown, model: { path: join(home.models, first), sha256: null } }, { name: "On it" });
    const look = await eraser.look([first]);
    expect(look.parts.map(({ what }) => what)).toEqual(["checkpoints"]);
    expect(look.stays.map(({ what, why }) => [what, why])).toEqual([
      ["model", "used"],
      ["data", "used"],
    ]);
    await eraser.erase([first]);
    expect(existsSync(join(home.models, first, "model.safetensors"))).toBe(true);
    expect(datasets.list()).toHaveLength(1);
    await eraser.erase([second]);
    expect(datasets.list()).toEqual([]);
  });

  test("deletes a model of a run that is gone with the last run that was started from it", async () => {
    const services = servicesForTest();
    const { home, eraser, runs } = services;
    const first = await finishedRun(services, clauses);
    const depth = join(home.models, `${first}-round-1`);
    mkdirSync(depth);
    writeFileSync(join(depth, "config.json"), "{}");
    const startedFrom = (path: string) =>
      runs.create({ ...planWithSeed(1), model: { path, sha256: null } }, { name: "On it" }).id;
    const [once, again, deeper] = [join(home.models, first), join(home.models, first), depth].map(
      startedFrom,
    );
    await eraser.erase([first]);
    await eraser.erase([once!]);
    expect(readdirSync(home.models)).toEqual([first, `${first}-round-1`]);
    expect((await eraser.look([again!])).parts).toMatchObject([
      { what: "model", path: join(home.models, first) },
    ]);
    await eraser.erase([again!, deeper!]);
    expect(readdirSync(home.models)).toEqual([]);
  });

  test("keeps the model that it was started from while that model's run or a download is there", async () => {
    const services = servicesForTest();
    const { home, eraser, runs } = services;
    const first = await finishedRun(services, clauses);
    const downloaded = join(home.models, "owner", "name");
    mkdirSync(downloaded, { recursive: true });
    for (const path of [join(home.models, first), downloaded]) {
      const { id } = runs.create({ ...planWithSeed(1), model: { path, sha256: null } }, { name: "On it" });
      await eraser.erase([id]);
    }
    expect(readdirSync(home.models)).toEqual([first, "owner"]);
    expect(existsSync(downloaded)).toBe(true);
  });

  test("keeps a model if another run was started from a file of it", async () => {
    const services = servicesForTest();
    const { home, eraser, runs } = services;
    const id = await finishedRun(services, clauses);
    const path = join(home.models, id, "model.safetensors");
    runs.create({ ...planWithSeed(1), model: { path, sha256: null } }, { name: "On it" });
    await eraser.erase([id]);
    expect(existsSync(path)).toBe(true);
  });

  test("keeps a model that the person saved in their own folder", async () => {
    const services = servicesForTest();
    const { home, eraser, runs } = services;
    const mine = join(home.folder, "mine");
    mkdirSync(mine);
    const { id } = runs.create(planWithSeed(1), { name: "Mine", output: mine });
    expect(await eraser.look([id])).toMatchObject({
      parts: [],
      stays: [{ what: "model", path: mine, why: "elsewhere" }],
    });
    await eraser.erase([id]);
    expect(existsSync(mine)).toBe(true);
  });

  test("is refused while one of the runs is active, and nothing is deleted", async () => {
    const services = servicesForTest();
    const done = await finishedRun(services, clauses);
    const { id } = services.runs.create(planWithSeed(1), { name: "Now" });
    services.runs.start(id);
    expect((await services.eraser.look([done, id])).running).toEqual([id]);
    expect(await failureOfWork(services.eraser.erase([done, id]))).toMatchObject({ code: "bad-choice" });
    expect(services.runs.list()).toHaveLength(2);
    expect(existsSync(join(services.home.models, done))).toBe(true);
  });

  test("is refused for an unknown run", async () => {
    expect(await failureOfWork(servicesForTest().eraser.look(["gone"]))).toEqual({
      code: "unknown-run",
      run: "gone",
    });
  });
});
