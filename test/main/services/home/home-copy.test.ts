import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CopyProgress } from "../../../../preload/contract/calls/library.ts";
import { readOutcome } from "../../../../main/home/run-folder.ts";
import { failureOfWork } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { homeParts } from "../../../../main/home/home.ts";
import { readMoved } from "../../../../main/home/moved-home.ts";
import { plan, probe } from "../plans/clauses-plan.ts";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { servicesForTest } from "../services.ts";

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** All files below a folder with their contents. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "latin1")];
    }),
  );
}

describe("a copy of a home", () => {
  test("has every file, and opens with everything in it at its new place", async () => {
    const services = servicesForTest();
    const id = await finishedRun(services, clauses);
    const model = join(services.home.models, id);
    const { id: talk } = services.conversations.create({ title: "Pipes", model, sampling: {} });
    const question = services.conversations.ask(talk, { role: "user", content: "Who repairs the pipes?" });
    services.conversations.startAnswer(talk, question, model);
    writeFileSync(join(services.home.cache, "weights"), "can be made again");
    const into = temporaryFolder();
    const told: CopyProgress[] = [];
    const copy = await services.copyTo(into, "Coppice", { onProgress: (progress) => told.push(progress) });

    expect(readdirSync(into)).toEqual(["Coppice"]);
    for (const part of ["runs", "models", "datasets"] as const)
      expect(contentsOf(join(copy.folder, part))).toEqual(contentsOf(services.home[part]));
    expect(existsSync(join(copy.folder, "cache"))).toBe(false);
    expect(told.at(-1)).toEqual({ stage: "checking", done: copy.bytes, total: copy.bytes });
    expect(told.map(({ stage }) => stage)).toContain("copying");

    const there = servicesForTest(copy.folder);
    expect(there.library.runs()).toEqual(services.library.runs());
    const run = there.runs.get(id);
    expect(run.output).toBe(join(copy.folder, "models", id));
    expect(run.plan.data.path).toBe(join(copy.folder, "datasets", "5f0c"));
    expect(run.plan.model.path).toBe("/models/small.gguf");
    expect(there.datasets.list().map(({ folder }) => folder)).toEqual([
      join(copy.folder, "datasets", "5f0c"),
    ]);
    expect(there.conversations.list().map(({ model }) => model)).toEqual([join(copy.folder, "models", id)]);
    const answer = there.conversations.messages(talk).at(-1);
    expect(answer?.model).toBe(join(copy.folder, "models", id));
    expect(readOutcome(join(copy.folder, "runs", id))?.output).toBe(join(copy.folder, "models", id));
    expect(services.runs.get(id).output).toBe(join(services.home.models, id));
  });

  test("finds its models if the old place's name has characters that are two in JavaScript", async () => {
    const services = servicesForTest(join(temporaryFolder(), "🌳"));
    const id = await finishedRun(services, clauses);
    const copy = await services.copyTo(temporaryFolder(), "Coppice");
    expect(servicesForTest(copy.folder).runs.get(id).output).toBe(join(copy.folder, "models", id));
  });

  test("plans a run that waits for its turn with its model and data at the new place", async () => {
    const services = servicesForTest();
    const { models, datasets } = services.home;
    const asked = {
      ...plan,
      model: { ...plan.model, path: join(models, "mine") },
      data: { path: join(datasets, "5f0c") },
    };
    const timing = { asked, probe, doneBy: "2026-11-28T18:00:00.000Z" };
    const { id } = services.runs.create(asked, { name: "waiting", timing });
    const copy = await services.copyTo(temporaryFolder(), "Coppice");

    const there = servicesForTest(copy.folder).runs.timing(id)!.asked;
    expect(there.model.path).toBe(join(copy.folder, "models", "mine"));
    expect(there.data.path).toBe(join(copy.folder, "datasets", "5f0c"));
  });

  test("is complete also while the database is written", async () => {
    const services = servicesForTest();
    await finishedRun(services, clauses);
    let written = 0;
    const copy = await services.copyTo(temporaryFolder(), "Coppice", {
      onProgress: () => {
        services.conversations.create({ title: `Question ${written++}`, model: "sample", sampling: {} });
      },
    });
    expect(written).toBeGreaterThan(0);
    expect(servicesForTest(copy.folder).library.runs()).toHaveLength(1);
  });

  test("that is cancelled leaves nothing behind", async () => {
    const services = servicesForTest();
    await finishedRun(services, clauses);
    const into = temporaryFolder();
    const stopping = new AbortController();
    const copying = services.copyTo(into, "Coppice", {
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    expect(await failureOfWork(copying)).toEqual({ code: "cancelled" });
    expect(readdirSync(into)).toEqual([]);
  });

  test("is refused if there is not enough space, or inside the home itself", async () => {
    const services = servicesForTest();
    await finishedRun(services, clauses);
    const into = temporaryFolder();
    const free = { memoryBytes: () => 0, diskBytes: () => 1000 };
    expect(await failureOfWork(services.copyTo(into, "Coppice", { free }))).toMatchObject({
      code: "not-enough-disk",
      freeBytes: 1000,
    });
    const inside = join(services.home.folder, "runs");
    expect(await failureOfWork(services.copyTo(inside, "Coppice"))).toMatchObject({ code: "bad-choice" });
    expect(readdirSync(into)).toEqual([]);
  });

  test("gets another name if its name is taken", async () => {
    const services = servicesForTest();
    const into = temporaryFolder();
    mkdirSync(join(into, "Coppice"));
    writeFileSync(join(into, "Coppice", "mine"), "");
    expect((await services.copyTo(into, "Coppice")).folder).toBe(join(into, "Coppice 2"));
    expect(readdirSync(join(into, "Coppice"))).toEqual(["mine"]);
  });

  test("has every part of a home that cannot be made again", async () => {
    const services = servicesForTest();
    const { folder } = services.home;
    write(join(folder, "hub-token"), "secret");
    for (const part of [...homeParts.kept, ...homeParts.growing].filter((part) => part !== "hub-token"))
      write(join(folder, part, "of mine"), part);
    const copy = await services.copyTo(temporaryFolder(), "Coppice");
    expect(readFileSync(join(copy.folder, "hub-token"), "utf8")).toBe("secret");
    for (const part of homeParts.growing)
      expect(readFileSync(join(copy.folder, part, "of mine"), "utf8")).toBe(part);
    expect(readFileSync(join(copy.folder, "models", "of mine"), "utf8")).toBe("models");
  });

  test("has what was written, changed and removed while it was made", async () => {
    const services = servicesForTest();
    const at = (name: string) => join(services.home.models, "mine", name);
    for (const name of ["changed", "removed", "same"]) write(at(name), "before");
    let isLate = false;
    const copy = await services.copyTo(temporaryFolder(), "Coppice", {
      onProgress: ({ stage }) => {
        if (stage === "copying" || isLate) return;
        isLate = true;
        write(at("changed"), "after.");
        write(at("new"), "after");
        renameSync(at("removed"), join(services.home.cache, "elsewhere"));
        services.conversations.create({
          title: "Late",
          model: join(services.home.models, "mine"),
          sampling: {},
        });
      },
    });
    expect(isLate).toBe(true);
    expect(contentsOf(join(copy.folder, "models", "mine"))).toEqual({
      changed: "after.",
      new: "after",
      same: "before",
    });
    expect(servicesForTest(copy.folder).conversations.list()).toMatchObject([{ title: "Late" }]);
  });

  test("follows links, since a person may have put models on a larger disk", async () => {
    const services = servicesForTest();
    const disk = temporaryFolder();
    write(join(disk, "owner", "model.gguf"), "weights");
    renameSync(services.home.models, join(services.home.cache, "models"));
    symlinkSync(disk, services.home.models);
    const copy = await services.copyTo(temporaryFolder(), "Coppice");
    expect(contentsOf(join(copy.folder, "models"))).toEqual({ [join("owner", "model.gguf")]: "weights" });
    expect(copy.bytes).toBeGreaterThan("weights".length);
    const inside = join(disk, "owner");
    expect(await failureOfWork(services.copyTo(inside, "Coppice"))).toMatchObject({ code: "bad-choice" });
  });

  test.each([
    ["to something missing", "nowhere", "link-to-nothing"],
    ["to a folder that it is in", "..", "link-to-above"],
  ])("is refused where it would miss a file: a link %s", async (_, target, reason) => {
    const services = servicesForTest();
    const link = join(services.home.models, "link");
    symlinkSync(target, link);
    const into = temporaryFolder();
    expect(await failureOfWork(services.copyTo(into, "Coppice"))).toEqual({
      code: "unreadable",
      path: target === ".." ? join(link, "models") : link,
      reason,
    });
    expect(readdirSync(into)).toEqual([]);
  });

  test("takes no name from another that is being made", async () => {
    const services = servicesForTest();
    write(join(services.home.models, "mine"), "weights");
    const into = temporaryFolder();
    const [one, other] = await Promise.all([1, 2].map(() => services.copyTo(into, "Coppice")));
    expect(readdirSync(into).sort()).toEqual(["Coppice", "Coppice 2"]);
    expect(contentsOf(one!.folder)["models/mine"]).toBe("weights");
    expect(contentsOf(other!.folder)["models/mine"]).toBe("weights");
  });

  test("becomes the home only with everything that was written by then", async () => {
    const services = servicesForTest();
    const place = temporaryFolder();
    const copy = await services.copyTo(temporaryFolder(), "Coppice");
    services.conversations.create({ title: "Late", model: "sample", sampling: {} });
    expect(services.moveTo(copy, place)).toBe(false);
    await copy.update();
    write(join(services.home.runs, "late", "journal.json"), "{}");
    expect(services.moveTo(copy, place)).toBe(false);
    expect(readMoved(place)).toBe(null);
    await copy.update();
    expect(services.moveTo(copy, place)).toBe(true);
    expect(readMoved(place)).toMatchObject({ folder: copy.folder, from: services.home.folder });
    const there = servicesForTest(copy.folder);
    expect(there.conversations.list()).toMatchObject([{ title: "Late" }]);
    expect(existsSync(join(there.home.runs, "late", "journal.json"))).toBe(true);
  });
});
