import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { failureOf } from "../../../../native-models/failure.ts";
import { LoadedModels } from "../../../../main/services/chat/loaded-models.ts";
import type { Speaker } from "../../../../main/services/chat/talk.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

const reading = new Reading();
const report = await reading.inspect(sample.model);
await reading.stop();

/** A chat engine whose graphics card answers rightly while it is tested and takes the process with it later. */
const crashesLater = `
  const report = ${JSON.stringify(report)};
  const chatTemplate = { source: null, bosToken: null, eosToken: null, specialTokens: [] };
  const facts = { layers: 1, maxPositions: 512, sizeBytes: 1, chatTemplate, isNative: false };
  const values = { "inspect-model": report, load: facts, "use-device": { problem: null } };
  const opening = Object.keys(values);
  let onCard = false;
  process.on("message", ({ type, id, job }) => {
    if (type === "stop") process.exit(0);
    if (job === "use-device") onCard = true;
    if (!opening.includes(job) && onCard) process.abort();
    process.send({ type: "done", id, result: { ok: true, value: values[job] } });
  });
  process.send({ type: "ready", kind: "chat" });
`;

/** Models in chat engines of a script. */
function loadedWith(script: string, onChange = () => {}) {
  const services = servicesForTest();
  const entry = join(temporaryFolder(), "chat.mjs");
  writeFileSync(entry, script);
  const loaded = new LoadedModels({ services, engine: { entry }, onChange });
  onTestFinished(() => loaded.stop());
  return { services, loaded };
}

const onText = () => {};
const works: Record<string, (speaker: Speaker) => Promise<unknown>> = {
  "in the middle of an answer": ({ generate }) =>
    generate("Who pays?", { special: false, sampling: {}, onText }),
  "while a question is read ahead": ({ readAhead }) => readAhead("Who pays?", { special: false }),
  "while a question is read ahead that is asked then": async ({ generate, readAhead }) => {
    const ahead = readAhead("Who pays?", { special: false });
    await Promise.all([
      ahead.catch(() => {}),
      generate("Who pays?", { special: false, sampling: {}, onText }),
    ]);
  },
};

test.each(Object.keys(works))(
  "a device whose driver fails %s leaves the next ones to the processor",
  async (when) => {
    const { services, loaded } = loadedWith(crashesLater);
    services.settings.set({ device: "webgpu" });
    const speaker = await loaded.speakerOf("sample");
    expect(speaker.loaded).toMatchObject({ device: "webgpu", deviceProblem: null });
    expect(loaded.ready("sample")).toBe(speaker);
    const failed = works[when]!(speaker).catch((error: unknown) => failureOf(error).code);
    expect(await failed).toBe("engine-stopped");
    expect(loaded.ready("sample")).toBe(null);
    expect(loaded.facts("sample")).toBe(null);
    expect(await loaded.load("sample")).toMatchObject({
      device: "cpu",
      deviceProblem: {
        kind: "failure",
        failure: { code: "engine-stopped", kind: "chat", reason: { code: "crashed", signal: "SIGABRT" } },
      },
    });
    expect(loaded.facts("sample")).toMatchObject({ device: "cpu" }); // the processor's is kept
  },
);

test("a model is not loaded while its files are being removed", async () => {
  const { loaded } = loadedWith(crashesLater);
  await loaded.load("sample");
  let [isRemoved, again] = [false, Promise.resolve<unknown>(null)];
  await loaded.unload([sample.model], async () => {
    expect(loaded.facts("sample")).toBe(null);
    again = loaded.load("sample").then(() => isRemoved);
    await new Promise((resolve) => setTimeout(resolve, 20));
    isRemoved = true;
  });
  expect(await again).toBe(true);
});

/** A chat engine with weights of 5 bytes, which answers until it is stopped. */
const answersLong = `
  const report = ${JSON.stringify(report)};
  const chatTemplate = { source: null, bosToken: null, eosToken: null, specialTokens: [] };
  const facts = { layers: 1, maxPositions: 512, sizeBytes: 5, chatTemplate, isNative: false };
  process.on("message", ({ type, id, job }) => {
    if (type === "stop") process.exit(0);
    const value = { "inspect-model": report, load: facts }[job];
    if (value) process.send({ type: "done", id, result: { ok: true, value } });
  });
  process.send({ type: "ready", kind: "chat" });
`;

test("a model without an answer in progress makes room for other work, and is loaded again for a question", async () => {
  const { loaded } = loadedWith(answersLong);
  const speaker = await loaded.speakerOf("sample");
  expect(loaded.idleBytes).toBe(5);
  await loaded.unloadIdle();
  expect([loaded.paths, loaded.idleBytes]).toEqual([[], 0]);
  const again = await loaded.speakerOf("sample");
  expect(again).not.toBe(speaker);
  const answer = again.generate("Who pays?", { special: false, sampling: {}, onText }).catch(failureOf);
  expect(loaded.idleBytes).toBe(0);
  await loaded.unloadIdle();
  expect(loaded.paths).toEqual([sample.model]);
  await loaded.stop();
  expect(await answer).toMatchObject({ code: "engine-stopped" });
});

test("a model whose prompt is still being rendered is not unloaded for other work", async () => {
  const { loaded } = loadedWith(answersLong);
  const { generate } = await loaded.speakerOf("sample");
  let render!: (prompt: string) => void;
  const prompt = new Promise<string>((resolve) => (render = resolve));
  const answer = generate(prompt, { special: false, sampling: {}, onText }).catch(failureOf);
  await loaded.unloadIdle();
  expect(loaded.paths).toEqual([sample.model]);
  render("Who pays?");
  await loaded.stop();
  expect(await answer).toMatchObject({ code: "engine-stopped" });
});

test("a person frees the memory of a model, except during its answer", async () => {
  const loadedThen: number[] = [];
  const { loaded } = loadedWith(answersLong, () => void loadedThen.push(loaded.all.length));
  const { generate } = await loaded.speakerOf("sample");
  expect(loaded.all).toEqual([
    {
      model: { reference: "sample", name: "sample" },
      layers: 1,
      maxPositions: 512,
      sizeBytes: 5,
      device: "cpu",
      deviceProblem: null,
    },
  ]);
  let end!: (why: Error) => void;
  const prompt = new Promise<string>((_, reject) => (end = reject));
  const answer = generate(prompt, { special: false, sampling: {}, onText }).catch(failureOf);
  expect(await loaded.free("sample")).toBe(false);
  expect(loaded.paths).toEqual([sample.model]);
  end(new Error("there is no prompt"));
  await answer;
  expect(await loaded.free("sample")).toBe(true);
  expect(loaded.paths).toEqual([]);
  await loaded.load("sample");
  expect(loadedThen).toEqual([1, 0, 1]);
});
