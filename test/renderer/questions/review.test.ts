import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { Writing, WrittenQuestion } from "../../../preload/contract/questions/written-questions.ts";
import { toasts } from "../../../renderer/components/toasts.svelte.ts";
import { Review } from "../../../renderer/questions/review.svelte.ts";
import { bridge } from "../bridge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A review of so many questions, and main's side of it, which keeps what was changed. */
async function reviewOf(count: number) {
  const stored = Array.from({ length: count }, (_, id) => ({
    id,
    question: `Q ${id}`,
    answer: `A ${id}`,
    state: "unseen",
    isChanged: false,
    kind: "fact",
  })) as WrittenQuestion[];
  const before = new Map<number, WrittenQuestion[]>();
  const firsts: (number | undefined)[] = [];
  const state = { isFull: false };
  const writing = (): Writing => {
    const of = (wanted: string) => stored.filter((question) => question.state === wanted).length;
    const questions = {
      unseen: of("unseen"),
      kept: of("kept"),
      edited: of("edited"),
      dropped: of("dropped"),
    };
    return { id: 3, questions } as Writing;
  };
  const { tell } = bridge({
    questions: {
      get: writing,
      find: ({ search, states }) =>
        stored
          .filter((one) => one.question.includes(search) && states.includes(one.state))
          .map(({ id }) => id),
      read: ({ ids }) => {
        firsts.push(ids[0]);
        return ids.map((id) => stored[id]!);
      },
      change: ({ id, change }) => {
        if (state.isFull) throw new AppError({ code: "disk-full", path: "/home" });
        before.set(id, [...(before.get(id) ?? []), stored[id]!]);
        return (stored[id] = { ...stored[id]!, ...change, isChanged: true });
      },
      undo: ({ id }) => {
        if (state.isFull) throw new AppError({ code: "disk-full", path: "/home" });
        const last = before.get(id)!.pop()!;
        return (stored[id] = { ...last, isChanged: before.get(id)!.length > 0 });
      },
    },
  });
  const review = new Review(3);
  const stop = review.follow();
  await vi.waitFor(() => expect(review.ready).toBe(true));
  return { review, stored, firsts, tell, stop, writing, state };
}

test("of ten thousand questions only the blocks that come into view are read, each once", async () => {
  const { review, firsts } = await reviewOf(10_000);
  expect([review.rows.length, firsts]).toEqual([10_000, [0]]);
  await Promise.all([review.need(4321), review.need(4399), review.need(50)]);
  expect(firsts).toEqual([0, 4300]);
  expect([review.rows[4321]?.id, review.rows[4400]]).toEqual([4321, undefined]);
  review.go(Infinity);
  await vi.waitFor(() => expect(review.now?.id).toBe(9999));
});

test("a decision moves on at once, counts as checked, and leaves the question in its place", async () => {
  const { review, stored } = await reviewOf(5);
  review.keep();
  review.drop();
  expect(review.current).toBe(2);
  await vi.waitFor(() => expect(review.counts).toEqual({ all: 5, checked: 2 }));
  expect(review.rows.map((row) => row?.state)).toEqual(["kept", "dropped", "unseen", "unseen", "unseen"]);
  expect(stored[1]!.state).toBe("dropped");
});

test("of those that nobody has looked at, none is passed over as others are kept", async () => {
  const { review } = await reviewOf(250);
  review.show({ state: "unseen" });
  await vi.waitFor(() => expect(review.rows).toHaveLength(250));
  for (let i = 0; i < 60; i++) review.keep();
  await vi.waitFor(() => expect(review.counts?.checked).toBe(60));
  await Promise.all([review.need(100), review.need(249)]);
  expect(review.rows.map((row) => row?.id)).toEqual(Array.from({ length: 250 }, (_, id) => id));
});

test("undo takes back what was changed here, the newest first, and shows it", async () => {
  const { review, stored } = await reviewOf(5);
  review.drop();
  review.drop();
  review.go(4);
  await review.undo(); // while the drop is on its way
  expect([review.current, stored[1]!.state]).toEqual([1, "unseen"]);
  await review.undo();
  expect([review.current, stored[0]!.state, review.canUndo]).toEqual([0, "unseen", false]);
  await review.undo(); // nothing is left
  expect(review.counts?.checked).toBe(0);
});

test("undo shows its question where the filters have hidden it since", async () => {
  const { review, stored } = await reviewOf(5);
  review.drop();
  review.drop();
  await vi.waitFor(() => expect(review.counts?.checked).toBe(2));
  review.show({ state: "unseen" });
  await vi.waitFor(() => expect(review.rows).toHaveLength(3));
  await review.undo(); // it is not checked any more, so the filter lets it pass
  expect([review.now?.id, review.shown.state, review.rows.length]).toEqual([1, "unseen", 4]);
  review.show({ state: "kept" });
  await vi.waitFor(() => expect(review.rows).toHaveLength(0));
  await review.undo();
  expect([review.now?.id, review.shown.state, stored[0]!.state]).toEqual([0, "all", "unseen"]);
});

test("an edit that changes nothing is a look, and an empty one is nothing", async () => {
  const { review } = await reviewOf(3);
  review.edit();
  await review.save("Q 0", " A 0 ");
  expect([review.rows[0]?.state, review.editing]).toEqual(["kept", false]);
  await review.save("  ", "A");
  expect(review.rows[0]?.state).toBe("kept");
  await review.save("Which one?", "A 0");
  expect(review.now).toMatchObject({ state: "edited", question: "Which one?" });
});

test("an edit is stored when another question is shown, if it changes something and can be", async () => {
  const { review, stored, stop } = await reviewOf(3);
  review.edit();
  review.type("Which one?", "A 0");
  review.go(1);
  await vi.waitFor(() => expect(stored[0]).toMatchObject({ state: "edited", question: "Which one?" }));
  expect([review.current, review.editing]).toEqual([1, false]);
  review.edit();
  review.type("Q 1", "A 1");
  review.go(2);
  review.edit();
  review.type("Q 2", " ");
  review.show({ order: "doubt" });
  await vi.waitFor(() => expect(review.current).toBe(0));
  await review.undo();
  expect(stored.map(({ state }) => state)).toEqual(["unseen", "unseen", "unseen"]);
  review.edit();
  review.type("Q 0", "An answer");
  stop(); // the page is left
  await vi.waitFor(() => expect(stored[0]).toMatchObject({ state: "edited", answer: "An answer" }));
});

test("a search begins when typing has stopped, and starts at the first that fits", async () => {
  const { review, firsts } = await reviewOf(300);
  review.go(250);
  for (const search of ["Q", "Q 2", "Q 29"]) review.show({ search });
  await vi.advanceTimersByTimeAsync(500);
  expect(firsts).toEqual([0, 200, 29]);
  expect([review.rows.length, review.current, review.now?.id]).toEqual([11, 0, 29]);
  review.show({ search: "Q 30000" });
  await review.showAll();
  await vi.advanceTimersByTimeAsync(500);
  expect([review.rows.length, review.shown.search]).toEqual([300, ""]);
});

test("questions that were written since are offered, and move none that is shown", async () => {
  const { review, stored, tell, stop, writing } = await reviewOf(2);
  stored.push({ ...stored[0]!, id: 2, question: "Q 2" });
  tell("questions.changed", writing());
  expect([review.fresh, review.rows.length]).toEqual([1, 2]);
  await review.look();
  expect([review.fresh, review.rows.length]).toEqual([0, 3]);
  stop();
  stored.push({ ...stored[0]!, id: 3 });
  tell("questions.changed", writing());
  expect(review.fresh).toBe(0);
});

test("the first questions of a writing appear by themselves", async () => {
  const { review, stored, tell, writing } = await reviewOf(0);
  stored.push({ id: 0, question: "Q 0", state: "unseen" } as WrittenQuestion);
  tell("questions.changed", writing());
  await vi.waitFor(() => expect(review.rows).toHaveLength(1));
});

test("a change that cannot be stored is reported, and the question stays as it was", async () => {
  const { review, state } = await reviewOf(2);
  state.isFull = true;
  review.keep();
  await vi.waitFor(() => expect(review.problem).toMatchObject({ failure: { code: "disk-full" } }));
  expect([review.rows[0]?.state, review.canUndo]).toEqual(["unseen", false]);
});

test("an edit that cannot be stored is open again with what was typed, until it is stored or given up", async () => {
  const { review, state } = await reviewOf(3);
  state.isFull = true;
  review.go(1);
  review.edit();
  await review.save("Which one of the two?", "A 1");
  expect([review.editing, review.edited?.question, review.rows[1]?.question]).toEqual([
    ...[true, "Which one of the two?", "Q 1"],
  ]);
  review.type("Which one of the three?", "A 1");
  review.go(2);
  expect([review.editing, review.edited?.question]).toEqual([false, "Q 2"]);
  await vi.waitFor(() => expect(review.problem).toBeDefined());
  review.go(1);
  review.edit();
  expect(review.edited?.question).toBe("Which one of the three?");
  state.isFull = false;
  await review.save(review.edited!.question, review.edited!.answer);
  expect(review.now).toMatchObject({ state: "edited", question: "Which one of the three?" });
  expect(review.editing).toBe(false);
  review.edit();
  review.cancel();
  expect(review.edited).toBe(review.now);
});

test("what could not be taken back can be later", async () => {
  const { review, state } = await reviewOf(2);
  review.keep();
  await vi.waitFor(() => expect(review.rows[0]?.state).toBe("kept"));
  state.isFull = true;
  await review.undo();
  state.isFull = false;
  await review.undo();
  expect(review.rows[0]?.state).toBe("unseen");
});

test("a change that cannot be stored as the page is left is reported elsewhere", async () => {
  const { review, state, stop } = await reviewOf(3);
  state.isFull = true;
  review.keep();
  await vi.waitFor(() => expect(review.problem).toBeDefined());
  expect(toasts.shown).toEqual([]);
  review.edit();
  review.type("Which court is it?", "The district court.");
  stop();
  await vi.waitFor(() => expect(toasts.shown).toMatchObject([{ kind: "warn", stays: true }]));
});
