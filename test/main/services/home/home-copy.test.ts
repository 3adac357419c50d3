import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../native-models/failure.ts";
import type { CopyProgress } from "../../../../preload/contract/calls/library.ts";
import { readOutcome } from "../../../../main/run-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { servicesForTest } from "../services.ts";

const failureFrom = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error("It ended well.");
    },
    (error: unknown) => failureOf(error),
  );

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
    services.conversations.create({ title: "Pipes", model: join(services.home.models, id), sampling: {} });
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
    expect(readOutcome(join(copy.folder, "runs", id))?.output).toBe(join(copy.folder, "models", id));
    expect(services.runs.get(id).output).toBe(join(services.home.models, id));
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
    expect(await failureFrom(copying)).toEqual({ code: "cancelled" });
    expect(readdirSync(into)).toEqual([]);
  });

  test("is refused if there is not enough space, or inside the home itself", async () => {
    const services = servicesForTest();
    await finishedRun(services, clauses);
    const into = temporaryFolder();
    const free = { memoryBytes: () => 0, diskBytes: () => 1000 };
    expect(await failureFrom(services.copyTo(into, "Coppice", { free }))).toMatchObject({
      code: "not-enough-disk",
      freeBytes: 1000,
    });
    const inside = join(services.home.folder, "runs");
    expect(await failureFrom(services.copyTo(inside, "Coppice"))).toMatchObject({ code: "bad-choice" });
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
});
