import { expect, onTestFinished, test, vi } from "vitest";
import { QuestionWriter } from "../../../../main/services/questions/question-writer.ts";
import type { QuestionWriterOptions } from "../../../../main/services/questions/question-writer.ts";
import { AppError, failureOf } from "../../../../native-models/failure.ts";
import type { Failure } from "../../../../native-models/failure.ts";
import { QuestionKind } from "../../../../preload/contract/questions/written-questions.ts";
import type { Writing } from "../../../../preload/contract/questions/written-questions.ts";
import { servicesForTest } from "../services.ts";
import { dataSetForTest } from "./data-set.ts";
import { ruledModel, storedPassages } from "./passages.ts";

/** A busy disk takes its time with each of many small transactions. */
const WAIT = { interval: 5, timeout: 20_000 };

/** A writer on a home with a data set of 12 passages, whose model is asked by `ask`. */
function writerForTest(options: Partial<QuestionWriterOptions> = {}) {
  const services = servicesForTest();
  const dataSet = dataSetForTest(services);
  const seen: Writing[] = [];
  let [opened, stopped] = [0, 0];
  const writer = new QuestionWriter({
    services,
    isBusy: () => false,
    mayStart: () => true,
    onEnd: () => {},
    onChange: (writing) => seen.push(writing),
    reading: { passages: () => Promise.resolve(storedPassages(12)) },
    open: () => {
      opened++;
      return Promise.resolve({ ask: ruledModel(), stop: () => Promise.resolve(void stopped++) });
    },
    ...options,
  });
  onTestFinished(() => writer.close());
  const asked = { dataSet, model: "sample", kinds: QuestionKind.options, minutes: null };
  const until = (isIt: (writing: Writing) => boolean) => expect.poll(() => seen.some(isIt), WAIT).toBe(true);
  return { services, writer, asked, seen, until, engines: () => [opened, stopped] };
}

test("writes from all passages, in turn of their splits, and ends its engine", async () => {
  const { writer, asked, seen, until, engines } = writerForTest();
  const id = await writer.start(asked);
  await until(({ state }) => state === "done");
  const done = writer.get(id);
  expect(done).toMatchObject({ passages: { done: 12, of: 12 }, secondsLeft: 0, failure: null });
  expect(done.questions.unseen).toBeGreaterThan(12);
  expect(seen.map(({ passages, state }) => `${state} ${passages.done}`)).toEqual([
    ...["writing 0", "writing 4", "writing 8", "writing 12", "done 12"],
  ]);
  expect(engines()).toEqual([1, 1]);
});

test("stopped, it keeps what was written, and is resumed where it was", async () => {
  const stop = { now: () => {} };
  const { writer, asked, seen, until, services } = writerForTest({
    open: (_, signal) => {
      const model = ruledModel();
      let calls = 0;
      return Promise.resolve({
        ask: (prompts, maxTokens) => {
          if (++calls === 3) stop.now(); // in the second few passages
          return signal.aborted
            ? Promise.reject(new AppError({ code: "cancelled" }))
            : model(prompts, maxTokens);
        },
        stop: () => Promise.resolve(),
      });
    },
  });
  let id = 0;
  stop.now = () => void writer.stop(id);
  id = await writer.start(asked);
  await until(({ state }) => state === "stopped");
  expect(writer.get(id)).toMatchObject({ state: "stopped", passages: { done: 4, of: 12 } });
  stop.now = () => {};
  writer.resume(id, { minutes: null });
  await until(({ state }) => state === "done");
  const sources = services.writings.rows(id, false).map(({ question, passage }) => question + passage);
  expect(new Set(sources).size).toBe(sources.length);
  expect(seen.at(-1)).toMatchObject({ passages: { done: 12 } });
});

test.each<Failure>([
  { code: "engine-stopped", kind: "batch", reason: "killed" },
  { code: "not-enough-memory", neededBytes: 8e9, freeBytes: 1e9 },
])("a model that ends with $code leaves a failed writing that can be resumed", async (failure) => {
  let isBroken = true;
  const { writer, asked, until } = writerForTest({
    open: () =>
      isBroken
        ? Promise.reject(new AppError(failure))
        : Promise.resolve({ ask: ruledModel(), stop: () => Promise.resolve() }),
  });
  const id = await writer.start(asked);
  await until(({ state }) => state === "failed");
  expect(writer.get(id)).toMatchObject({ state: "failed", failure, passages: { done: 0 } });
  isBroken = false;
  writer.resume(id, { minutes: null });
  await until(({ state }) => state === "done");
  expect(writer.get(id)).toMatchObject({ failure: null });
});

test("a full disk ends it, and it goes on once there is space", async () => {
  const { writer, asked, until, services } = writerForTest();
  const { record } = services.writings;
  const full = () => {
    throw new AppError({ code: "disk-full", path: "coppice.db" });
  };
  services.writings.record = full;
  const id = await writer.start(asked);
  await until(({ state }) => state === "failed");
  expect(writer.get(id)).toMatchObject({ failure: { code: "disk-full" }, passages: { done: 0 } });
  services.writings.record = record;
  writer.resume(id, { minutes: null });
  await until(({ state }) => state === "done");
});

test("waits for a run, with its model unloaded, and goes on after it", async () => {
  let isBusy = false;
  const { writer, asked, engines } = writerForTest({
    isBusy: () => isBusy,
    onChange: (writing) => {
      changes.push(writing);
      if (writing.passages.done === 4 && changes.length < 4) isBusy = true;
    },
  });
  const changes: Writing[] = [];
  const id = await writer.start(asked);
  await expect.poll(() => changes.some(({ state }) => state === "waiting"), WAIT).toBe(true);
  expect(writer.get(id)).toMatchObject({ state: "waiting", passages: { done: 4 } });
  expect(engines()).toEqual([1, 1]);
  isBusy = false;
  writer.advance();
  await expect.poll(() => writer.get(id).state, WAIT).toBe("done");
  expect(changes.map(({ state }) => state).slice(2, 5)).toEqual(["waiting", "writing", "writing"]);
});

test("on battery it waits for mains power to begin, unless it may, and is not at work meanwhile", async () => {
  const power = { isOn: false };
  const { writer, asked, seen, until, engines } = writerForTest({ mayStart: () => power.isOn });
  const id = await writer.start(asked);
  await until(({ state }) => state === "waiting-for-power");
  expect([writer.isWriting, engines()]).toEqual([false, [0, 0]]);
  power.isOn = true;
  writer.advance();
  await until(({ state }) => state === "done");
  expect([...new Set(seen.map(({ state }) => state))]).toEqual(["waiting-for-power", "writing", "done"]);
  power.isOn = false;
  const other = await writer.start(asked);
  await until(({ id, state }) => id === other && state === "waiting-for-power");
  writer.resume(other, { minutes: null, onBattery: true });
  expect(writer.get(id).state).toBe("done");
  await until(({ id, state }) => id === other && state === "done");
});

test("an end by itself is announced, and one that a person asked for is not", async () => {
  const told: string[] = [];
  let isBroken = false;
  const { writer, asked, until } = writerForTest({
    open: () =>
      isBroken
        ? Promise.reject(new AppError({ code: "engine-stopped", kind: "batch", reason: "killed" }))
        : Promise.resolve({ ask: ruledModel(), stop: () => Promise.resolve() }),
    onEnd: ({ state }, end) => told.push(`${end}: ${state}`),
  });
  const ended = (count: number) => expect.poll(() => told.length, WAIT).toBe(count);
  await writer.start({ ...asked, minutes: 1e-9 });
  await ended(1);
  await writer.start(asked);
  await ended(2);
  isBroken = true;
  const id = await writer.start(asked);
  await ended(3);
  isBroken = false;
  writer.resume(id, { minutes: null });
  await writer.stop(id);
  await until((writing) => writing.id === id && writing.state === "stopped");
  expect(told).toEqual(["done: stopped", "done: done", "failed: failed"]);
});

test("to end at a time of day, it stops then although it has waited for a run all the while", async () => {
  const { writer, asked, until, engines } = writerForTest({ isBusy: () => true });
  const id = await writer.start({ ...asked, minutes: 0.01, waitingCounts: true });
  await until(({ state }) => state === "waiting");
  await until(({ state }) => state === "stopped");
  expect([writer.get(id).passages.done, engines()]).toEqual([0, [0, 0]]);
  writer.resume(id, { minutes: 0.000_001 }); // whose minutes are those of writing
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(writer.get(id).state).toBe("waiting");
});

test("until a time of day, no more time is left than there is until then", async () => {
  const isBusy = { now: false };
  const { writer, asked, seen, until } = writerForTest({
    isBusy: () => isBusy.now,
    onChange: (writing) => {
      seen.push(writing);
      if (writing.passages.done === 4) isBusy.now = true;
    },
  });
  const id = await writer.start({ ...asked, minutes: 60, waitingCounts: true });
  await until(({ state }) => state === "waiting");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 59.99 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(writer.get(id).secondsLeft).toBeLessThanOrEqual(1);
});

test("the writing of a data set that is to be deleted is stopped, and another may begin", async () => {
  const { writer, asked, services, seen, until } = writerForTest({ isBusy: () => true });
  const id = await writer.start(asked);
  await until(({ state }) => state === "waiting");
  await writer.stopThoseOf(asked.dataSet + 1);
  expect(writer.get(id).state).toBe("waiting");
  await writer.stopThoseOf(asked.dataSet);
  expect(seen.at(-1)).toMatchObject({ id, state: "stopped" });
  await services.dataSets.erase(asked.dataSet);
  const other = dataSetForTest(services);
  expect(writer.get(await writer.start({ ...asked, dataSet: other })).dataSet).toBe(other);
});

test("one at a time; a data set without passages is refused by name", async () => {
  const { writer, asked } = writerForTest({
    open: (_, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new AppError({ code: "cancelled" }))),
      ),
    reading: { passages: () => Promise.resolve(storedPassages(4)) },
  });
  await writer.start(asked);
  const second = await writer.start(asked).catch((error: unknown) => failureOf(error));
  expect(second).toMatchObject({ code: "bad-choice", why: { code: "writing-already" } });
});

test("of two that are started at once, one writes and the other leaves nothing", async () => {
  const { writer, asked, until } = writerForTest();
  const started = await Promise.allSettled([writer.start(asked), writer.start(asked)]);
  expect(started.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(writer.list()).toHaveLength(1);
  await until(({ state }) => state === "done");
});

test("a data set without passages is refused", async () => {
  const { writer, asked } = writerForTest({ reading: { passages: () => Promise.resolve([]) } });
  const failure = failureOf(await writer.start(asked).catch((error: unknown) => error));
  expect(failure).toMatchObject({ code: "bad-choice", why: { code: "no-passages", name: "hire" } });
  expect(writer.list()).toEqual([]);
});

test("what is not in a text is refused without the kinds that it reuses, as nothing could be asked", async () => {
  const { writer, asked, until } = writerForTest();
  const start = (...kinds: QuestionKind[]) => writer.start({ ...asked, kinds });
  for (const others of [[], ["yes-no", "comparison"]] as QuestionKind[][]) {
    const failure = failureOf(await start("not-in-text", ...others).catch((error: unknown) => error));
    expect(failure).toEqual({ code: "bad-choice", why: "only-not-in-text" });
  }
  expect(writer.list()).toEqual([]);
  await start("not-in-text", "definition");
  await until(({ state }) => state === "done");
});

test("its time over, it stops after the passages at work; resumed, it has as much time again", async () => {
  const { writer, asked, until, services } = writerForTest();
  const id = await writer.start({ ...asked, minutes: 1e-9 });
  await until(({ state }) => state === "stopped");
  const { passages, mostSeconds } = writer.get(id);
  expect(passages.done).toBeLessThan(12);
  expect(mostSeconds).toBeCloseTo(6e-8);
  writer.resume(id, { minutes: 10 });
  await until(({ state }) => state === "done");
  expect(services.writings.get(id).mostSeconds).toBeGreaterThan(599);
});

test("deleted with its data set while it is written, it ends without a trace", async () => {
  const { writer, asked, services, until } = writerForTest();
  let erased: Promise<unknown> | undefined;
  const { record } = services.writings;
  services.writings.record = (...what) => {
    erased ??= services.dataSets.erase(asked.dataSet);
    record.apply(services.writings, what);
  };
  const id = await writer.start(asked);
  await until(({ passages }) => passages.done === 4);
  await erased;
  await expect.poll(() => writer.list(), WAIT).toEqual([]);
  expect(services.writings.has(id)).toBe(false);
});
