import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { localDisk } from "../../../../native-models/formats/atomic.ts";
import type { Disk } from "../../../../native-models/formats/atomic.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../run/tiny-run.ts";

const stage = (journal: Journal, name: string) =>
  journal.stage(name, z.string(), () => Promise.resolve(name));

test("a run saves in the middle of a stage when asked to, and continues", async () => {
  const folder = temporaryFolder();
  const saved: (number | undefined)[] = [];
  const context = collecting((event, control) => {
    if (event.event === "step" && event.step === 2) control.apply("checkpoint");
    if (event.event === "step" && event.step === 3) {
      const [text] = readFileSync(join(folder, "journal.json"), "utf8").split("\n");
      const [save] = (JSON.parse(text!) as { saves: { stage: string; step: number }[] }).saves;
      saved.push(save?.step);
    }
  });
  const input = { runFolder: folder, plan: tinyPlan(folder), model: tinyModel(), encoder: characters };
  await runTrim(input, context);
  expect(saved).toEqual([2]);
});

test("a journal that is damaged together with its predecessor is reported as corrupt", async () => {
  const folder = temporaryFolder();
  const journal = await Journal.open(folder);
  await stage(journal, "first");
  for (const name of ["journal.json", "journal-before.json"]) writeFileSync(join(folder, name), "{");
  const failure = await Journal.open(folder).catch(failureOf);
  expect(failure).toMatchObject({ code: "corrupt-file", path: join(folder, "journal.json") });
});

test("a save succeeds though another program holds an object that it replaces", async () => {
  const folder = temporaryFolder();
  const held: string[] = [];
  const remove = (path: string) => {
    held.push(path);
    return Promise.reject(Object.assign(new Error("EBUSY: injected"), { code: "EBUSY" }));
  };
  const journal = await Journal.open(folder, { ...localDisk, remove });
  const unused = await journal.write(Float32Array.of(1));
  const moments = { firstMoments: {}, secondMoments: {}, secondsPerBlock: null };
  const nothing = { kept: [], values: {}, parts: {}, ...moments };
  const optimizer = { optimizerStep: 1, optimizerStart: 0, laterStarts: {} };
  await journal.addSave({ ...nothing, ...optimizer, stage: "heal", step: 1 });
  expect(held).toEqual([join(folder, "objects", unused)]);
  expect((await Journal.open(folder)).save).not.toBe(null);
});

test.each(["EPERM", "EACCES", "EBUSY"])(
  "on Windows a journal that another program holds (%s) is saved after five seconds, and kept as it was if that never lets go",
  async (code) => {
    const folder = temporaryFolder();
    await stage(await Journal.open(folder), "before");
    let waitedMs = 0;
    const heldFor = (milliseconds: number): Disk => ({
      ...localDisk,
      platform: "win32",
      rename: async (from, to) => {
        if (waitedMs < milliseconds) throw Object.assign(new Error(`${code}: injected`), { code });
        await localDisk.rename(from, to);
      },
      wait: async (ms) => void (waitedMs += ms),
    });
    const patient = await Journal.open(folder, heldFor(5000));
    expect(await stage(patient, "held for a while")).toBe("held for a while");
    expect(waitedMs).toBeGreaterThanOrEqual(5000);

    waitedMs = 0;
    const refused = await stage(await Journal.open(folder, heldFor(Infinity)), "held").catch(failureOf);
    expect(refused).toMatchObject({ code: "unwritable" });
    expect(sentence(refused as never)).toMatch(/cannot be written/);
    expect((await Journal.open(folder)).stages).toEqual(["before", "held for a while"]);
  },
);
