import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError, fail } from "../../../native-models/failure.ts";
import type {
  ConversationDetail,
  LoadedFacts,
  ShownMessage,
} from "../../../preload/contract/calls/conversations.ts";
import { TalkState } from "../../../renderer/chat/talk.svelte.ts";
import { bridge } from "../bridge.ts";
import type { Answers } from "../bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const oak = { reference: "/models/oak", name: "Oak" };
const ash = { reference: "/models/ash", name: "Ash" };

const message = (id: number, role: ShownMessage["role"], more: Partial<ShownMessage> = {}) =>
  ({
    id,
    role,
    state: "done",
    content: `message ${id}`,
    promptTokens: null,
    tokens: null,
    ...more,
  }) as ShownMessage;

const detail = (id: number, lane: ShownMessage[] = [], title = "Trees") =>
  ({
    id,
    title,
    model: oak,
    beside: null,
    systemPrompt: "",
    sampling: {},
    lanes: [lane],
  }) as unknown as ConversationDetail;

const load = ({ model }: { model: string }) =>
  ({ model: model === oak.reference ? oak : ash, maxPositions: 100 }) as LoadedFacts;

/** A conversation page with one model, before the first question. */
function page(answers: Answers["conversations"]): TalkState {
  const list = () => ({ total: 0, conversations: [] });
  bridge({ conversations: { load, facts: load, list, ...answers } });
  const talk = new TalkState();
  talk.models = [oak];
  return talk;
}

test("the first question stores the conversation under a one-line title, the second only adds to it", async () => {
  const titles: string[] = [];
  const asked: unknown[] = [];
  const talk = page({
    create: ({ title }) => (titles.push(title), detail(7)),
    configure: ({ id }) => detail(id),
    ask: async (question) => (asked.push(question), detail(7, [message(1, "user"), message(2, "assistant")])),
  });
  await talk.ask(`  Which\n tree ${"grows ".repeat(20)}`);
  await talk.ask("And then?");
  expect(titles).toHaveLength(1);
  expect(titles[0]).toMatch(/^Which tree grows .*\S$/);
  expect(titles[0]!.length).toBeLessThanOrEqual(60);
  expect(asked).toMatchObject([{ id: 7 }, { id: 7, content: "And then?" }]);
  expect(talk.lanes[0]).toHaveLength(2);
  expect(talk).toMatchObject({ busy: false, live: null, failure: undefined });
});

test("an answer appears while it is written", async () => {
  let write!: (text: string) => void;
  let finish!: () => void;
  const talk = page({
    create: () => detail(7),
    get: () => detail(7, [message(1, "user"), message(2, "assistant", { state: "writing", content: "" })]),
    ask: (_, onPiece) => {
      onPiece({ type: "began", lane: 0, question: 1, answer: 2 });
      write = (text) => onPiece({ type: "text", lane: 0, text });
      return new Promise(
        (resolve) => (finish = () => resolve(detail(7, [message(1, "user"), message(2, "assistant")]))),
      );
    },
  });
  const answered = talk.ask("Which tree?");
  await vi.waitFor(() => expect(talk.lanes[0]).toHaveLength(2));
  write("An ");
  write("oak");
  await vi.advanceTimersByTimeAsync(100);
  expect(talk.busy).toBe(true);
  expect(talk.live).toMatchObject({ lane: 0, id: 2, text: "An oak", tokens: 2 });
  finish();
  await answered;
  expect(talk.live).toBeNull();
  expect(talk.lanes[0]![1]!.content).toBe("message 2");
});

test("a second question is not sent while the first is being answered", async () => {
  let finish!: () => void;
  const ask = vi.fn(() => new Promise<ConversationDetail>((resolve) => (finish = () => resolve(detail(7)))));
  const talk = page({ create: () => detail(7), configure: () => detail(7), ask });
  const answered = talk.ask("One?");
  await vi.waitFor(() => expect(ask).toHaveBeenCalled());
  await talk.ask("Two?");
  expect(ask).toHaveBeenCalledTimes(1);
  finish();
  await answered;
});

test("stopping ends the answer and keeps what main stored of it", async () => {
  const stopped = [message(1, "user"), message(2, "assistant", { state: "stopped" })];
  const ask = vi.fn((_: unknown, __: unknown, cancelled: Promise<never>) =>
    cancelled.catch(() => detail(7, stopped)),
  );
  const talk = page({ create: () => detail(7), ask });
  const answered = talk.ask("Which tree?");
  await vi.waitFor(() => expect(ask).toHaveBeenCalled());
  talk.stop();
  await answered;
  expect(talk.lanes[0]![1]!.state).toBe("stopped");
  expect(talk.busy).toBe(false);
});

test("a failed answer is reported, its question stays, and retrying answers that question", async () => {
  const regenerated: unknown[] = [];
  const talk = page({
    create: () => detail(7),
    get: () => detail(7, [message(1, "user")]),
    ask: () => Promise.reject(new AppError({ code: "context-full", limit: 100 } as never)),
    regenerate: async (what) => (
      regenerated.push(what),
      detail(7, [message(1, "user"), message(2, "assistant")])
    ),
  });
  await talk.ask("Which tree?");
  expect(talk.failure?.code).toBe("context-full");
  expect(talk.contextOf(0)).toEqual({ used: 100, limit: 100 });
  expect(talk.lanes[0]).toHaveLength(1);
  await talk.retry();
  expect(regenerated).toEqual([{ id: 7, lane: 0, message: 1, continues: false }]);
  expect(talk.failure).toBeUndefined();
  expect(talk.lanes[0]).toHaveLength(2);
});

test("of two conversations opened quickly, the later one is shown even if it is read first", async () => {
  const reads = new Map<number, () => void>();
  const talk = page({
    get: ({ id }) => new Promise((resolve) => reads.set(id, () => resolve(detail(id, [], `Talk ${id}`)))),
  });
  const both = [talk.load(1), talk.load(2)];
  await vi.waitFor(() => expect(reads.size).toBe(2));
  reads.get(2)!();
  await both[1];
  reads.get(1)!();
  await both[0];
  expect(talk.title).toBe("Talk 2");
});

test("the context meter counts the newest answer and its prompt once the model is loaded", async () => {
  const talk = page({});
  talk.lanes = [[message(1, "user"), message(2, "assistant", { promptTokens: 30, tokens: 12 })]];
  expect(talk.contextOf(0)).toBeNull();
  await talk.prepare();
  expect(talk.contextOf(0)).toEqual({ used: 42, limit: 100 });
});

test("a draft is read ahead once, after a pause in typing, and not when it is empty", async () => {
  const drafts: string[] = [];
  const talk = page({ readAhead: async ({ content }) => void drafts.push(content) });
  await talk.prepare();
  talk.write("Wh");
  await vi.advanceTimersByTimeAsync(200);
  talk.write("Which ");
  await vi.advanceTimersByTimeAsync(200);
  expect(drafts).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(drafts).toEqual(["Which"]);
  talk.write("  ");
  await vi.advanceTimersByTimeAsync(1000);
  expect(drafts).toEqual(["Which"]);
});

test("a model that cannot be loaded says why, and choosing another one clears that", async () => {
  const talk = page({
    load: (what) => {
      if (what.model === oak.reference)
        throw new AppError({ code: "not-found", path: "/models/oak", what: "model" });
      return load(what);
    },
  });
  await talk.prepare();
  expect(talk.failure?.code).toBe("not-found");
  expect(talk.loading).toBeUndefined();
  await talk.choose(0, ash);
  expect(talk.failure).toBeUndefined();
  expect(talk.models).toEqual([ash]);
});

test("a model that is chosen while another is loading is loaded next, and only its failure counts", async () => {
  const loads = new Map<string, (result?: AppError) => void>();
  const talk = page({
    load: ({ model }) =>
      new Promise((resolve, reject) =>
        loads.set(model, (failed) => (failed ? reject(failed) : resolve(load({ model })))),
      ),
  });
  const first = talk.prepare();
  await vi.waitFor(() => expect(loads.has(oak.reference)).toBe(true));
  await talk.choose(0, ash);
  expect([...loads.keys()]).toEqual([oak.reference]);
  loads.get(oak.reference)!(new AppError({ code: "not-found", path: "/models/oak", what: "model" }));
  await vi.waitFor(() => expect(loads.has(ash.reference)).toBe(true));
  expect(talk.loading).toBe(ash.reference);
  loads.get(ash.reference)!();
  await first;
  expect(talk).toMatchObject({ loading: undefined, failure: undefined });
  expect(talk.facts).toHaveProperty([ash.reference]);
});

test("settings moved quickly in a stored conversation are saved once, with the last value", async () => {
  const saved: unknown[] = [];
  const talk = page({
    get: () => detail(7),
    configure: ({ systemPrompt }) => (saved.push(systemPrompt), detail(7)),
  });
  await talk.load(7);
  for (const prompt of ["B", "Be", "Be brief"]) {
    talk.systemPrompt = prompt;
    talk.settingsChanged();
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(saved).toEqual(["Be brief"]);
});

test("a conversation that cannot be read says why, and is read again when the person asks", async () => {
  const failure = { code: "not-found", path: "7", what: "conversation" };
  let broken = true;
  const talk = page({
    get: ({ id }) => {
      if (broken) throw new AppError(failure as never);
      return detail(id);
    },
  });
  await talk.load(7);
  expect(talk.failure).toEqual(failure);
  expect(talk.id).toBeNull();
  await talk.retry();
  expect(talk.failure).toEqual(failure);
  broken = false;
  await talk.retry();
  expect(talk.failure).toBeUndefined();
  expect(talk.id).toBe(7);
});

test("a second model answers beside the first, and is stored with the conversation", async () => {
  const stored: unknown[] = [];
  const loaded: string[] = [];
  const talk = page({
    load: (what) => (loaded.push(what.model), load(what)),
    get: () => detail(7),
    configure: ({ model, beside }) => {
      stored.push([model, beside]);
      return { ...detail(7), lanes: beside === null ? [[]] : [[], []] };
    },
  });
  await talk.load(7);
  await talk.setBeside(ash);
  expect(talk.models).toEqual([oak, ash]);
  expect(talk.lanes).toHaveLength(2);
  expect(loaded).toEqual([ash.reference]);
  await talk.setBeside(null);
  expect(talk.models).toEqual([oak]);
  expect(talk.lanes).toHaveLength(1);
  expect(stored).toEqual([
    [oak.reference, ash.reference],
    [oak.reference, null],
  ]);
});

test("a model's original answers beside it, or else the same model again", async () => {
  let original: typeof ash | null = ash;
  const talk = page({ original: () => original });
  await talk.toggleBeside();
  expect(talk.models).toEqual([oak, ash]);
  await talk.toggleBeside();
  expect(talk.models).toEqual([oak]);
  original = null;
  await talk.toggleBeside();
  expect(talk.models).toEqual([oak, oak]);
});

test("a failure goes with the second model or the answer that it was about", async () => {
  const full = { code: "context-full", tokens: 90, limit: 80 } as const;
  const lane = [message(1, "user"), message(2, "assistant")];
  const talk = page({
    load: (what) =>
      what.model === ash.reference ? fail({ code: "not-found", path: "", what: "model" }) : load(what),
    get: () => detail(7, lane),
    configure: () => detail(7, lane),
    choose: () => detail(7, lane),
    regenerate: async () => fail(full),
  });
  await talk.load(7);
  await talk.setBeside(ash);
  expect(talk.failure).toMatchObject({ code: "not-found" });
  await talk.setBeside(null);
  expect(talk.failure).toBeUndefined();
  await talk.regenerate(0, 2);
  expect(talk.contextOf(0)).toEqual({ used: 80, limit: 80 });
  await talk.show(0, 2);
  expect(talk).toMatchObject({ failure: undefined });
  expect(talk.contextOf(0)).toEqual({ used: 0, limit: 100 });
});

test("no model is loaded again after an answer, since two may not fit into memory; after a failure, it is", async () => {
  const loaded: string[] = [];
  const lane = [message(1, "user"), message(2, "assistant")];
  let stops = false;
  const talk = page({
    load: (what) => (loaded.push(what.model), load(what)),
    facts: ({ model }) => (model === oak.reference ? null : load({ model })),
    get: () => ({ ...detail(7), beside: ash, lanes: [lane, lane] }),
    regenerate: async () => (stops ? fail({ code: "cancelled" }) : { ...detail(7), lanes: [lane, lane] }),
  });
  await talk.load(7);
  await talk.regenerate(0, 2);
  expect(loaded).toEqual([]);
  expect(Object.keys(talk.facts)).toEqual([ash.reference]);
  stops = true;
  await talk.regenerate(0, 2);
  expect(loaded).toEqual([oak.reference, ash.reference]);
});

test("an edited question and another answer are asked for by their message, in their lane", async () => {
  const asked: unknown[] = [];
  const talk = page({
    get: () => detail(7, [message(1, "user"), message(2, "assistant")]),
    edit: async (what) => (asked.push(what), detail(7, [message(3, "user"), message(4, "assistant")])),
    regenerate: async (what) => (asked.push(what), detail(7, [message(3, "user"), message(5, "assistant")])),
    choose: (what) => (asked.push(what), detail(7, [message(1, "user"), message(2, "assistant")])),
  });
  await talk.load(7);
  const shown = () => talk.lanes[0]!.map(({ id }) => id);
  await talk.edit(1, "Which tree is it?");
  expect(shown()).toEqual([3, 4]);
  await talk.regenerate(0, 3);
  expect(shown()).toEqual([3, 5]);
  await talk.regenerate(0, 5, { continues: true });
  await talk.show(0, 1);
  expect(shown()).toEqual([1, 2]);
  expect(asked).toEqual([
    { id: 7, message: 1, content: "Which tree is it?" },
    { id: 7, lane: 0, message: 3, continues: false },
    { id: 7, lane: 0, message: 5, continues: true },
    { id: 7, lane: 0, message: 1 },
  ]);
});

test("retrying without a missing answer loads the model again", async () => {
  let broken = true;
  const talk = page({
    load: (what) => {
      if (broken) throw new AppError({ code: "not-found", path: "/models/oak", what: "model" });
      return load(what);
    },
  });
  await talk.prepare();
  expect(talk.failure?.code).toBe("not-found");
  broken = false;
  await talk.retry();
  expect(talk.failure).toBeUndefined();
  expect(talk.facts).toHaveProperty([oak.reference]);
});

test("a renamed conversation has its new title here and in the list", async () => {
  const renamed: unknown[] = [];
  let lists = 0;
  const talk = page({
    get: () => detail(7),
    rename: (what) => void renamed.push(what),
    list: () => (lists++, { total: 0, conversations: [] }),
  });
  await talk.load(7);
  await talk.rename("Oaks");
  expect(talk.title).toBe("Oaks");
  expect(renamed).toEqual([{ id: 7, title: "Oaks" }]);
  expect(lists).toBe(1);
});

test("reading ahead ends when the page is left or the question is asked", async () => {
  let ended = 0;
  let endedBeforeAnswer = 0;
  const talk = page({
    get: () => detail(7),
    configure: () => detail(7),
    ask: async () => {
      endedBeforeAnswer = ended;
      return detail(7);
    },
    readAhead: (_draft, _onPiece, cancelled) => cancelled.finally(() => ended++),
  });
  await talk.load(7);
  await talk.prepare();
  talk.write("Which");
  await vi.advanceTimersByTimeAsync(400);
  expect(ended).toBe(0);
  talk.leave();
  await vi.advanceTimersByTimeAsync(0);
  expect(ended).toBe(1);
  talk.write("Which tree?");
  await vi.advanceTimersByTimeAsync(400);
  await talk.ask("Which tree?");
  expect(endedBeforeAnswer).toBe(2);
});

test("reading ahead that fails is not tried again until a question has been asked", async () => {
  let reads = 0;
  const talk = page({
    get: () => detail(7),
    configure: () => detail(7),
    ask: async () => detail(7),
    readAhead: () => {
      reads++;
      return Promise.reject(new AppError({ code: "template-failed", reason: "" } as never));
    },
  });
  const write = async (draft: string) => {
    talk.write(draft);
    await vi.advanceTimersByTimeAsync(400);
  };
  await talk.load(7);
  await talk.prepare();
  await write("One");
  await write("One, two");
  expect(reads).toBe(1);
  expect(talk.failure).toBeUndefined();
  await talk.ask("One, two?");
  await write("Three");
  expect(reads).toBe(2);
});

test("a draft's tokens are counted with its passages, also while it is too long, until it is sent", async () => {
  const talk = page({
    create: () => detail(7),
    configure: () => detail(7),
    ask: async () => detail(7),
    readAhead: async ({ content, passages }, onPiece) => {
      const tokens = content.length + (passages ? 100 : 0);
      onPiece({ tokens });
      if (tokens > 100) fail({ code: "context-full", tokens, limit: 100 });
    },
  });
  await talk.prepare();
  const passages = [{ text: "Dogs need consent.", document: "lease.md", place: 1 }];
  const counted = [];
  for (const read of [null, passages, null]) {
    talk.write("Dogs?", read);
    await vi.advanceTimersByTimeAsync(400);
    counted.push(talk.planned);
  }
  expect(counted).toEqual([5, 105, 5]);
  await talk.ask("Dogs?");
  expect(talk.planned).toBeNull();
});

test("a correction ends when another answer takes the place of the one it was begun for", async () => {
  const lanes = [message(1, "user"), message(2, "assistant"), message(4, "assistant")];
  const talk = page({
    get: () => detail(7, lanes.slice(0, 2)),
    choose: ({ message: chosen }) => detail(7, [lanes[0]!, lanes.find(({ id }) => id === chosen)!]),
  });
  await talk.load(7);
  talk.setCorrecting(2, true);
  await talk.load(7);
  expect(talk.correcting).toEqual([2]);
  await talk.show(0, 4);
  expect(talk.correcting).toEqual([]);
});

test("a correction that was stored closes its editor, not that of another answer", async () => {
  let end = () => {};
  const talk = new TalkState();
  bridge({
    corrections: { save: () => new Promise((resolve) => (end = () => resolve(undefined as never))) },
    conversations: {
      get: () => detail(7, [message(1, "user"), message(2, "assistant"), message(4, "assistant")]),
      list: () => ({ total: 0, conversations: [] }),
    },
  });
  await talk.load(7);
  talk.setCorrecting(2, true);
  const corrected = talk.correct(2, { right: "oak", passage: "" });
  talk.setCorrecting(4, true);
  end();
  await corrected;
  expect(talk.correcting).toEqual([4]);
});

test("a question that could not be stored is given back, one whose answer failed is not", async () => {
  const full = new AppError({ code: "disk-full", path: "/coppice.db" });
  const stopped = new AppError({ code: "context-full", tokens: 9, limit: 8 } as never);
  const lost = page({ create: () => Promise.reject(full) });
  expect(await lost.ask("Which tree?")).toBe(false);
  expect(lost.failure).toEqual(full.failure);
  const kept = page({
    create: () => detail(7),
    get: () => detail(7, [message(1, "user")]),
    ask: () => Promise.reject(stopped),
  });
  expect(await kept.ask("Which tree?")).toBe(true);
  expect(kept.failure).toEqual(stopped.failure);
});

test("an edited question that could not be stored is given back, as is one that is sent during an answer", async () => {
  const full = new AppError({ code: "disk-full", path: "/coppice.db" });
  let edits = 0;
  let finish!: () => void;
  const shown = [message(1, "user"), message(2, "assistant")];
  const talk = page({
    get: () => detail(7, shown),
    configure: () => detail(7, shown),
    ask: () => new Promise((resolve) => (finish = () => resolve(detail(7, shown)))),
    edit: () => {
      if (++edits === 1) return Promise.reject(full);
      return Promise.resolve(detail(7, [message(3, "user"), message(4, "assistant")]));
    },
  });
  await talk.load(7);
  expect(await talk.edit(1, "Which tree is it?")).toBe(false);
  expect(talk.failure).toEqual(full.failure);
  expect(await talk.edit(1, "Which tree is it?")).toBe(true);
  const asked = talk.ask("And then?");
  await vi.waitFor(() => expect(finish).toBeDefined());
  expect(await talk.edit(3, "Which tree?")).toBe(false);
  expect(edits).toBe(2);
  finish();
  await asked;
});
