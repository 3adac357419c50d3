import {
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { launchChild } from "../../../../main/engines/process/launch.ts";
import type { EngineProcess } from "../../../../main/engines/process/launch.ts";
import { chatCacheFolder } from "../../../../main/services/chat/chat-engine.ts";
import type { Conversations } from "../../../../main/services/chat/conversations.ts";
import { LoadedModels } from "../../../../main/services/chat/loaded-models.ts";
import { pathTo } from "../../../../main/services/chat/message-tree.ts";
import { Talk } from "../../../../main/services/chat/talk.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { chatMemoryBytes } from "../../../../native-models/estimates/chat.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { AnswerPiece } from "../../../../preload/contract/calls/conversations.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

/** A temperature so high that no token is likely, least of all the end: the answer continues for its 450 tokens. */
const endless = { temperature: 10, maxTokens: 450, seed: 3 };
const exact = { maxTokens: 12 };
const EMPTY = { state: "done", tokens: 1, tokensPerSecond: null } as const;
const opening = ["inspect-model", "load"];
const question = "Is there a table in the shop?";

const reading = new Reading();
afterAll(() => reading.stop());

/** Real engines on the sample, and what was launched for them; `hangs`: they hear of no job. */
function talking({ freeBytes, hangs = false }: { freeBytes?: () => number; hangs?: boolean } = {}) {
  const services = servicesForTest();
  const engines: EngineProcess[] = [];
  /** What the engines were asked to do besides rendering prompts, and go on from. */
  const jobs: { job: string; prompt: string | undefined }[] = [];
  const loaded = new LoadedModels({
    services,
    engine: {
      environment: { VK_ICD_FILENAMES: "/nowhere.json" }, // no graphics card, whatever this computer has
      launch: (entry, options) => {
        const engine = launchChild(entry, options);
        engines.push(engine);
        const send = (message: unknown) => {
          const { job, input } = message as { job?: string; input?: { prompt?: string } };
          if (job !== undefined && job !== "render-chat") jobs.push({ job, prompt: input?.prompt });
          if (!hangs) engine.send(message);
        };
        return { ...engine, send };
      },
    },
    ...(freeBytes ? { free: { memoryBytes: freeBytes, diskBytes: () => null } } : {}),
  });
  onTestFinished(() => loaded.stop());
  const { conversations } = services;
  const talk = new Talk({ conversations, speakers: loaded });
  const begin = (sampling: Record<string, unknown>, besideModel: string | null = null) =>
    conversations.create({ title: "T", model: "sample", besideModel, sampling }).id;
  return { conversations, engines, jobs, loaded, services, settings: services.settings, talk, begin };
}

function shown(conversations: Conversations, id: number, lane = 0) {
  return pathTo(conversations.messages(id), conversations.leaves(id)[lane] ?? null);
}

/** Copies of the sample: models of their own. */
function copiesOfSample(count: number): string[] {
  const folder = temporaryFolder();
  return Array.from({ length: count }, (_, number) => {
    const path = join(folder, `copy-${number}`);
    cpSync(sample.model, path, { recursive: true });
    return path;
  });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => failureOf(error),
  );

describe("a talk", () => {
  test("streams in and is stored with its figures", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin(exact);
    const pieces: AnswerPiece[] = [];
    const [{ leftOut, ...generated }] = await talk.ask(id, question, {
      onPiece: (piece) => pieces.push(piece),
    });
    expect(leftOut).toBe(0);
    expect(pieces[0]).toEqual({ type: "loading", lane: 0 });
    expect(pieces[1]).toMatchObject({ type: "began", lane: 0 });
    expect(pieces[pieces.length - 1]).toMatchObject({ type: "ended", generated });
    const text = pieces.flatMap((piece) => (piece.type === "text" ? [piece.text] : [])).join("");
    expect(text).toBe(generated.text);
    expect(shown(conversations, id)).toMatchObject([
      { role: "user", content: question },
      {
        role: "assistant",
        state: "done",
        content: text,
        tokens: generated.tokens,
        promptTokens: generated.promptTokens,
        reason: generated.reason,
      },
    ]);
    // The second question follows the answer, and the model reads both.
    const [second] = await talk.ask(id, "And a bed?");
    expect(second.promptTokens).toBeGreaterThan(generated.promptTokens + generated.tokens);
    expect(shown(conversations, id).map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
    ]);
  });

  test("goes on with an answer that was cut off, in a new one", async () => {
    const { conversations, jobs, talk, begin } = talking();
    const id = begin({ ...endless, maxTokens: 5 });
    expect(await talk.ask(id, question)).toMatchObject([{ reason: "length" }]);
    const cutOff = shown(conversations, id)[1]!;
    const pieces: string[] = [];
    const onPiece = (piece: AnswerPiece) => piece.type === "text" && pieces.push(piece.text);
    const { text, tokens } = await talk.regenerate(id, 0, cutOff.id, { continues: true, onPiece });
    const content = cutOff.content + text;
    expect(shown(conversations, id)[1]).toMatchObject({ content, tokens: cutOff.tokens! + tokens });
    expect(pieces.join("")).toBe(content);
    const [first, second] = jobs.filter(({ job }) => job === "generate").map(({ prompt }) => prompt!);
    expect(second).toBe(first! + cutOff.content);
    expect(conversations.messages(id)).toContainEqual(cutOff);
  });

  test("is read ahead while the person types, and none of that is stored", async () => {
    const { conversations, jobs, loaded, talk, begin } = talking();
    const draft = { models: ["sample", "sample"], systemPrompt: "Be brief.", content: question };
    await talk.readAhead({ id: null, ...draft });
    expect(jobs).toEqual([]); // nothing is loaded for it
    await loaded.load("sample");
    await talk.readAhead({ id: null, ...draft });
    const id = begin(exact);
    conversations.change(id, { systemPrompt: draft.systemPrompt });
    await talk.ask(id, question);
    await talk.readAhead({ id, ...draft, content: "And a bed?" });
    expect(conversations.messages(id)).toHaveLength(2);
    await talk.ask(id, "And a bed?");
    const [, , first, answered, second, answeredAgain] = jobs;
    expect(jobs.map(({ job }) => job)).toEqual([
      ...opening,
      "read-ahead",
      "generate",
      "read-ahead",
      "generate",
    ]);
    expect(first!.prompt).toBe(answered!.prompt);
    expect(second!.prompt).toBe(answeredAgain!.prompt);
    expect(second!.prompt).not.toBe(first!.prompt);
  });

  test("is asked and read ahead after its passages, also in another version, and its tokens are counted", async () => {
    const { conversations, jobs, loaded, talk, begin } = talking();
    const passages = [{ text: "The shop has a table.", document: "/home/lease.md", place: 3 }];
    await loaded.load("sample");
    const id = begin(exact);
    const counts: number[] = [];
    const draft = { id, models: ["sample", "sample"], systemPrompt: "", content: question, passages };
    await talk.readAhead(draft, { onTokens: (tokens) => counts.push(tokens) });
    const [{ promptTokens }] = await talk.ask(id, question, { passages });
    expect(counts).toEqual([promptTokens]);
    await talk.edit(id, conversations.messages(id)[0]!.id, "Is there a bed?");
    const prompts = jobs.flatMap(({ prompt }) => prompt ?? []);
    expect(prompts).toHaveLength(3);
    expect(prompts[0]).toBe(prompts[1]);
    expect(prompts[0]).toContain(`The shop has a table.\n\n${question}`);
    expect(prompts[2]).toContain("The shop has a table.\n\nIs there a bed?");
    const asked = conversations.messages(id).filter(({ role }) => role === "user");
    expect(asked.map(({ content }) => content)).toEqual([question, "Is there a bed?"]);
    expect(asked.map((message) => message.passages)).toEqual([passages, passages]);
  });

  test("that is asked while it is being read ahead continues from there", async () => {
    const { jobs, loaded, talk, begin } = talking();
    await loaded.load("sample");
    const reading = new AbortController();
    const draft = { id: null, models: ["sample"], systemPrompt: "", content: question };
    const ahead = talk.readAhead(draft, { signal: reading.signal });
    await expect.poll(() => jobs.map(({ job }) => job)).toEqual([...opening, "read-ahead"]);
    reading.abort();
    const [answer] = await talk.ask(begin(exact), question);
    await ahead;
    expect(answer.tokens).toBeGreaterThan(0);
    expect(jobs.map(({ job }) => job)).toEqual([...opening, "read-ahead", "generate"]);
  });

  test("regenerates an answer beside the first one, with other random numbers", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin({ ...endless, maxTokens: 20 });
    const [first] = await talk.ask(id, question);
    const answer = shown(conversations, id)[1]!;
    const second = await talk.regenerate(id, 0, answer.id);
    expect(second.text).not.toBe(first.text);
    const [asked, now] = shown(conversations, id);
    expect(now!.parentId).toBe(asked!.id);
    expect(now!.content).toBe(second.text);
    conversations.choose(id, 0, answer.id);
    expect(shown(conversations, id)[1]!.content).toBe(first.text);
  });

  test("edits a question beside its first version, and keeps what followed that", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin(exact);
    await talk.ask(id, question);
    await talk.ask(id, "And a bed?");
    const before = shown(conversations, id);
    await talk.edit(id, before[0]!.id, "Is there a chair?");
    expect(shown(conversations, id).map(({ content }) => content)[0]).toBe("Is there a chair?");
    expect(shown(conversations, id)).toHaveLength(2);
    conversations.choose(id, 0, before[0]!.id);
    expect(shown(conversations, id)).toEqual(before);
  });

  test("that is removed while it is answered leaves nothing in another conversation", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin(endless);
    let begun = () => {};
    const writes = new Promise<void>((resolve) => (begun = resolve));
    const asked = talk.ask(id, question, { onPiece: ({ type }) => type === "text" && begun() });
    await writes;
    const size = await talk.remove(id, "keep");
    expect(size.messages).toBe(2);
    const [generated] = await asked;
    expect(generated.reason).toBe("cancelled");

    // The next conversation gets the ids of the removed one.
    const next = begin(exact);
    const [answer] = await talk.ask(next, "And a bed?");
    expect(shown(conversations, next)).toMatchObject([
      { content: "And a bed?" },
      { content: answer.text, state: "done" },
    ]);
    const [, partial] = shown(conversations, conversations.restore(id));
    expect(partial).toMatchObject({ content: generated.text, state: "stopped" });
  });

  test("that is stopped keeps the partial answer", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin(endless);
    const stopping = new AbortController();
    let text = "";
    const [generated] = await talk.ask(id, question, {
      signal: stopping.signal,
      onPiece: (piece) => {
        if (piece.type !== "text") return;
        text += piece.text;
        if (text.length > 20) stopping.abort();
      },
    });
    expect(generated.reason).toBe("cancelled");
    expect(generated.tokens).toBeLessThan(endless.maxTokens);
    expect(shown(conversations, id)[1]).toMatchObject({ state: "stopped", content: generated.text });
  });

  test("whose engine is killed in the middle of an answer keeps the partial answer, and can be asked again", async () => {
    const { conversations, engines, talk, begin } = talking();
    const id = begin(endless);
    let text = "";
    const failed = await failure(
      talk.ask(id, question, {
        onPiece: (piece) => {
          if (piece.type !== "text") return;
          text += piece.text;
          if (text.length > 20) engines[0]!.kill();
        },
      }),
    );
    expect(failed).toMatchObject({ code: "engine-stopped", kind: "chat" });
    const [asked, broken] = shown(conversations, id);
    expect(broken).toMatchObject({ state: "stopped", reason: null });
    expect(broken!.content.length).toBeGreaterThan(20);
    conversations.change(id, { sampling: exact });
    await talk.regenerate(id, 0, broken!.id);
    expect(engines).toHaveLength(2);
    expect(shown(conversations, id)).toMatchObject([{ id: asked!.id }, { state: "done" }]);
  });

  test("whose context is full says so, and the next question does not follow the one that was too long", async () => {
    const { conversations, talk, begin } = talking();
    const id = begin(exact);
    const failed = await failure(talk.ask(id, "Is there a table in the shop? ".repeat(100)));
    expect(failed).toMatchObject({ code: "context-full", limit: 512 });
    const [generated] = await talk.ask(id, question);
    expect(generated.promptTokens).toBeLessThan(100);
    expect(shown(conversations, id)[0]).toMatchObject({ parentId: null, content: question });
  });

  test("that has become too long goes on without its first messages, the same ones in the next answers", async () => {
    const { conversations, jobs, talk, begin } = talking();
    const id = begin(exact);
    conversations.change(id, { systemPrompt: "Be brief." });
    const asked = Array.from(
      { length: 9 },
      (_, turn) => `${turn}: ${"Is there a table in the shop? ".repeat(9)}`,
    );
    const left: number[] = [];
    for (const content of asked) left.push((await talk.ask(id, content))[0].leftOut);
    const first = left.findIndex((count) => count > 0);
    expect(first).toBeGreaterThan(2);
    expect(left[first]! % 2).toBe(0);
    expect(left[first + 1]).toBe(left[first]);
    const messages = shown(conversations, id);
    expect(messages.filter(({ role }) => role === "assistant").map(({ leftOut }) => leftOut)).toEqual(left);
    const [before, prompt, next] = jobs
      .flatMap(({ job, prompt }) => (job === "generate" ? prompt! : []))
      .slice(first, first + 3);
    expect(before).toContain("0: Is there"); // it did not fit
    expect(prompt).toContain("Be brief.");
    expect(prompt).not.toContain("0: Is there");
    expect(prompt).toContain(asked[first]!.trim());
    expect(next!.startsWith(prompt!)).toBe(true);
    expect((await talk.ask(id, "And a bed?"))[0].promptTokens).toBeLessThan(512);
    const failed = await failure(talk.ask(id, "Is there a table in the shop? ".repeat(100)));
    expect(failed).toMatchObject({ code: "context-full", limit: 512 });
  });

  test("with two models asks both, and each continues with its own answers", async () => {
    const { conversations, loaded, talk, begin } = talking();
    const [copy] = copiesOfSample(1);
    const id = begin({ ...endless, maxTokens: 8 }, copy);
    const lanes: number[] = [];
    const answers = await talk.ask(id, question, {
      onPiece: (piece) => piece.type === "ended" && lanes.push(piece.lane),
    });
    expect(lanes).toEqual([0, 1]);
    expect(answers).toHaveLength(2);
    expect(loaded.paths).toEqual([sample.model, copy]);
    const [left, right] = [shown(conversations, id, 0), shown(conversations, id, 1)];
    expect(left[0]!.id).toBe(right[0]!.id);
    expect(left[1]!.id).not.toBe(right[1]!.id);
    expect([left[1]!.model, right[1]!.model]).toEqual(["sample", copy]);
    await talk.ask(id, "And a bed?");
    expect(shown(conversations, id, 0)[1]!.id).toBe(left[1]!.id);
    expect(shown(conversations, id, 1)[1]!.id).toBe(right[1]!.id);
    expect(shown(conversations, id, 1)).toHaveLength(4);
    await talk.edit(id, left[0]!.id, "Is there a chair?");
    expect(shown(conversations, id, 1).map(({ content }) => content)[0]).toBe("Is there a chair?");
  });

  test("with two models takes an edited question to its place also where one of them has fewer questions", async () => {
    const { conversations, talk, begin } = talking();
    const [copy] = copiesOfSample(1) as [string];
    const id = begin({ ...endless, maxTokens: 8 }, copy);
    renameSync(copy, `${copy}-away`);
    expect(await failure(talk.ask(id, question))).toMatchObject({ code: "not-found" });
    renameSync(`${copy}-away`, copy);
    await talk.ask(id, "And a bed?");
    const questions = (lane: number) =>
      shown(conversations, id, lane).flatMap(({ role, content }) => (role === "user" ? [content] : []));
    expect([questions(0), questions(1)]).toEqual([[question, "And a bed?"], ["And a bed?"]]);
    await talk.edit(id, shown(conversations, id, 0)[2]!.id, "And a chair?");
    expect([questions(0), questions(1)]).toEqual([[question, "And a chair?"], ["And a chair?"]]);
    await talk.edit(id, shown(conversations, id, 0)[0]!.id, "Is there a stool?");
    expect([questions(0), questions(1)]).toEqual([["Is there a stool?"], ["Is there a stool?"]]);
  });
});

describe("loaded models", () => {
  test("are two at most: the least recently used one is unloaded", async () => {
    const { engines, loaded } = talking();
    const [first, second, third] = copiesOfSample(3) as [string, string, string];
    await loaded.load(first);
    await loaded.load(second);
    await loaded.load(first);
    expect(await loaded.load(third)).toMatchObject({ maxPositions: 512, layers: expect.any(Number) });
    expect(loaded.paths).toEqual([first, third]);
    expect(engines).toHaveLength(3);
  });

  test("that do not fit beside each other make room, and one that does not fit at all is refused", async () => {
    let fits = true;
    const { loaded } = talking({ freeBytes: () => (fits || loaded.paths.length === 0 ? 1e12 : 1e6) });
    const [first, second] = copiesOfSample(2) as [string, string];
    await loaded.load(first);
    fits = false;
    await loaded.load(second);
    expect(loaded.paths).toEqual([second]);
    const { loaded: without } = talking({ freeBytes: () => 1e6 });
    expect(await failure(without.load("sample"))).toMatchObject({ code: "not-enough-memory" });
  });

  test("whose engine died while idle are loaded again", async () => {
    const { engines, loaded, talk, begin } = talking();
    await loaded.load("sample");
    const gone = new Promise<void>((resolve) => engines[0]!.onExit(() => resolve()));
    engines[0]!.kill();
    await gone;
    const [generated] = await talk.ask(begin(exact), question);
    expect(generated.tokens).toBeGreaterThan(0);
    expect(engines).toHaveLength(2);
  });

  test("are stopped while one is being loaded, however long that takes", async () => {
    const { jobs, loaded } = talking({ hangs: true });
    const loading = failure(loaded.load("sample"));
    await expect.poll(() => jobs.length, { timeout: 30_000 }).toBe(1);
    await loaded.stop();
    expect(await loading).toEqual({ code: "cancelled" });
    expect(loaded.paths).toEqual([]);
  });

  test("are unloaded before their files are removed", async () => {
    const { engines, loaded } = talking();
    const [first, second] = copiesOfSample(2) as [string, string];
    await loaded.load(first);
    await loaded.load(second);
    const gone = new Promise<void>((resolve) => engines[0]!.onExit(() => resolve()));
    await loaded.unload([first, "/elsewhere"], () => gone);
    expect(loaded.paths).toEqual([second]);
  });

  test("are not unloaded in the middle of an answer to make room for another", async () => {
    const { conversations, loaded, talk, begin } = talking();
    const [first, second] = copiesOfSample(2) as [string, string];
    const id = begin(endless);
    let began = () => {};
    const writing = new Promise<void>((resolve) => (began = resolve));
    const answer = talk.ask(id, question, { onPiece: (piece) => piece.type === "text" && began() });
    await writing;
    await Promise.all([loaded.load(first), loaded.load(second)]);
    const [generated] = await answer;
    expect(generated.reason).not.toBe("cancelled");
    expect(shown(conversations, id)[1]!.state).toBe("done");
  });
});

describe("what a model has read of a conversation", () => {
  const long = "Is there a table in the shop, and a bed, and who pays for them? ".repeat(18);

  /** A conversation of more than 256 tokens, and the file with what is kept of it once its model is unloaded. */
  async function talked() {
    const all = talking();
    const { services, talk, begin } = all;
    const id = begin(exact);
    const [{ promptTokens }] = await talk.ask(id, long);
    expect(promptTokens).toBeGreaterThan(256);
    const path = services.texts.pathOf(chatCacheFolder(services.home, sample.model, "int8"), id);
    expect(existsSync(path)).toBe(false);
    return { ...all, id, path };
  }

  test("is kept when the model is unloaded, and gives the same next answer", async () => {
    const { conversations, loaded, talk, begin, id, path } = await talked();
    await loaded.unloadIdle();
    const { mtimeMs } = statSync(path);
    const [next] = await talk.ask(id, question);
    const again = begin(exact);
    const first = conversations.ask(again, { role: "user", content: long });
    const answer = conversations.startAnswer(again, first, "sample");
    conversations.endAnswer(answer, { ...EMPTY, content: shown(conversations, id)[1]!.content });
    expect((await talk.ask(again, question))[0].text).toBe(next.text);
    await loaded.unloadIdle();
    expect(statSync(path).mtimeMs).toBeGreaterThan(mtimeMs);
  });

  test("is removed with the conversation, and not written if that is gone", async () => {
    const { conversations, loaded, talk, id, path } = await talked();
    await loaded.unloadIdle();
    expect(existsSync(path)).toBe(true);
    await talk.ask(id, question);
    conversations.remove(id);
    expect(existsSync(path)).toBe(false);
    await loaded.unloadIdle();
    expect(existsSync(path)).toBe(false);
  });

  test("is removed and read again if its file is damaged", async () => {
    const { loaded, talk, id, path } = await talked();
    await loaded.unloadIdle();
    truncateSync(path, 1000);
    const [answer] = await talk.ask(id, question);
    expect(answer.tokens).toBeGreaterThan(0);
    expect(existsSync(path)).toBe(false);
  });

  test("is not kept of what programs ask", async () => {
    const { services, loaded } = talking();
    const { generate } = await loaded.speakerOf("sample");
    await generate(long, { special: false, sampling: exact, isUrgent: false, onText: () => {} });
    await loaded.unloadIdle();
    expect(existsSync(join(chatCacheFolder(services.home, sample.model, "int8"), "texts"))).toBe(false);
  });

  test("takes up to 1 GiB: the least recently written files are removed first", () => {
    const { services, begin } = talking();
    const ids = [1, 2, 3].map(() => begin(exact));
    const paths = ids.map((id) =>
      services.texts.pathOf(chatCacheFolder(services.home, sample.model, "int8"), id),
    );
    mkdirSync(dirname(paths[0]!), { recursive: true });
    for (const [age, path] of paths.entries()) {
      writeFileSync(path, "");
      truncateSync(path, 2 ** 29); // sparse
      utimesSync(path, 1e9 - age, 1e9 - age);
    }
    services.texts.tidy();
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, false]);
  });
});

describe("the device in the settings", () => {
  test("falls back to the CPU if it cannot answer, and says why", async () => {
    const { loaded, settings, talk, begin } = talking();
    settings.set({ device: "webgpu" });
    expect(await loaded.load("sample")).toMatchObject({
      device: "cpu",
      deviceProblem: { kind: "no-card" },
    });
    const [{ tokens }] = await talk.ask(begin(exact), question);
    expect(tokens).toBeGreaterThan(0);
  });

  test("applies from the next question if it is changed while a model is loaded", async () => {
    const { engines, loaded, settings } = talking();
    expect(await loaded.load("sample")).toMatchObject({ device: "cpu", deviceProblem: null });
    settings.set({ device: "webgpu" });
    expect((await loaded.load("sample")).deviceProblem).not.toBeNull();
    await loaded.load("sample");
    expect([engines.length, loaded.paths.length]).toEqual([2, 1]);
  });

  test("is not tried without enough memory", async () => {
    const needed = chatMemoryBytes(await reading.inspect(sample.model), { device: "webgpu" });
    const { loaded, settings } = talking({ freeBytes: () => needed - 1 });
    settings.set({ device: "webgpu" });
    expect((await loaded.load("sample")).deviceProblem).toMatchObject({
      kind: "failure",
      failure: { code: "not-enough-memory" },
    });
  });
});
