import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { failureOf } from "../../../native-models/failure.ts";
import { LoadedModels } from "../../../main/services/loaded-models.ts";
import { Reading } from "../../../main/services/reading.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { servicesForTest } from "./services.ts";

/** A chat engine whose graphics card answers rightly while it is tested and takes the process with it later. */
const crashesLater = `
  const chatTemplate = { source: null, bosToken: null, eosToken: null, specialTokens: [] };
  const facts = { layers: 1, maxPositions: 512, sizeBytes: 1, chatTemplate };
  const values = { load: facts, "use-device": { problem: null } };
  let onCard = false;
  process.on("message", ({ type, id, job }) => {
    if (type === "stop") process.exit(0);
    if (job === "use-device") onCard = true;
    if (job === "generate" && onCard) process.abort();
    process.send({ type: "done", id, result: { ok: true, value: values[job] } });
  });
  process.send({ type: "ready", kind: "chat" });
`;

test("a device whose driver fails in the middle of an answer leaves the next ones to the processor", async () => {
  const services = servicesForTest();
  services.settings.set({ device: "webgpu" });
  const entry = join(temporaryFolder(), "chat.mjs");
  writeFileSync(entry, crashesLater);
  const reading = new Reading();
  const loaded = new LoadedModels({ services, reading, engine: { entry } });
  onTestFinished(async () => {
    await loaded.stop();
    await reading.stop();
  });
  const speaker = await loaded.speakerOf("sample");
  expect(speaker.loaded).toMatchObject({ device: "webgpu", deviceProblem: null });
  const answer = speaker.generate("Who pays?", { special: false, sampling: {}, onText: () => {} });
  expect(await answer.catch((error: unknown) => failureOf(error).code)).toBe("engine-stopped");
  expect(await loaded.load("sample")).toMatchObject({
    device: "cpu",
    deviceProblem: {
      kind: "failure",
      failure: { code: "engine-stopped", kind: "chat", reason: "it crashed (SIGABRT)" },
    },
  });
});
