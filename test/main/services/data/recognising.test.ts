/** What happens to pages whose recognition does not come to its end. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { launchChild } from "../../../../main/engines/process/launch.ts";
import type { Launch } from "../../../../main/engines/process/launch.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { pdfOf, Sheet } from "../../documents/pdf/typeset.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const READY = `process.send({ type: "ready", kind: "recogniser" });`;
/** Scripts in the recogniser's place. */
const SCRIPTS = {
  /** Ends as if the system had killed it. */
  killed: `${READY} process.on("message", ({ type }) => process.kill(process.pid, type === "run" ? "SIGKILL" : "SIGTERM"));`,
  /** Never comes to an end. */
  busy: `${READY} process.on("message", ({ type }) => type === "stop" && process.exit(0));`,
  /** Recognises "Signed." on each page. */
  reads: `
    const { mkdirSync, writeFileSync } = require("node:fs");
    ${READY}
    process.on("message", ({ type, id, input }) => {
      if (type === "stop") process.exit(0);
      const { recognised, key, page } = input;
      const words = [{ text: "Signed.", left: 72, right: 120, baseline: 700, size: 11, isBold: false }];
      mkdirSync(recognised + "/" + key, { recursive: true });
      writeFileSync(recognised + "/" + key + "/" + page + ".json", JSON.stringify({ words, confidence: 1 }));
      process.send({ type: "done", id, result: { ok: true, value: { problem: null } } });
    });`,
};

/** A PDF with a page of text and so many scans, looked at with the scripts one after another. */
function scans(count: number) {
  const folder = temporaryFolder();
  const pixels = { width: 8, height: 8, pixels: new Uint8Array(64).fill(200) };
  const pages = Array.from({ length: count }, () => new Sheet().picture(0, 0, 612, 792, pixels));
  const path = join(folder, "lease.pdf");
  writeFileSync(path, pdfOf([new Sheet().text(72, 700, "The tenant pays rent."), ...pages]));
  const recognised = join(folder, "recognised");
  mkdirSync(recognised);
  let started = 0;
  const lookedAt = async (name: keyof typeof SCRIPTS, memoryBytes?: number) => {
    const script = join(folder, `${name}.cjs`);
    writeFileSync(script, SCRIPTS[name]);
    const launch: Launch = (entry, options) => {
      if (!entry.includes("recogniser")) return launchChild(entry, options);
      started++;
      const process = launchChild(script, options);
      return memoryBytes === undefined ? process : Object.assign(process, { memoryBytes: () => memoryBytes });
    };
    const reading = new Reading({ recognised, launch });
    onTestFinished(() => reading.stop());
    const { files } = await reading.inspectData({ data: [path], ocr: true });
    return files[0]!.details;
  };
  return { lookedAt, started: () => started };
}

test("a page whose process was ended from outside says so, and is tried again the next time", async () => {
  const { lookedAt } = scans(1);
  const problem = { code: "engine", reason: expect.anything() as unknown };
  expect(await lookedAt("killed")).toEqual({
    pages: 2,
    emptyPages: 1,
    failedPages: [{ problem, isFinal: false, pages: [2] }],
  });
  expect(await lookedAt("reads")).toEqual({ pages: 2, emptyPages: 0, recognisedPages: 1 });
});

test("when no page gets through, recognition ends with the reason", async () => {
  const { lookedAt, started } = scans(3);
  await expect(lookedAt("killed")).rejects.toMatchObject({
    failure: { code: "engine-stopped", kind: "recogniser" },
  });
  expect(started()).toBe(2);
  expect(await lookedAt("reads")).toEqual({ pages: 4, emptyPages: 0, recognisedPages: 3 });
});

test("a page that takes too much is not tried again, and the next ones are", async () => {
  const { lookedAt, started } = scans(3);
  const details = {
    pages: 4,
    emptyPages: 3,
    failedPages: [{ problem: "too-much-memory", isFinal: true, pages: [2, 3, 4] }],
  };
  expect(await lookedAt("busy", 4e9)).toEqual(details);
  expect(started()).toBe(3);
  expect(await lookedAt("reads")).toEqual(details);
  expect(started()).toBe(3);
});
