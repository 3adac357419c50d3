import { beforeEach, expect, test, vi } from "vitest";
import type { ConversationSummary } from "../../../preload/contract/calls/conversations.ts";
import { fail } from "../../../native-models/failure.ts";
import { bridge } from "../bridge.ts";

beforeEach(() => void vi.resetModules());
const list = async () =>
  (await import("../../../renderer/chat/conversation-list.svelte.ts")).conversationList;

const summary = (id: number) => ({ id, title: `${id}`, updatedAt: `t${id}` }) as ConversationSummary;

test("pages are read one after another to the end, and none twice at the same time", async () => {
  const asked: unknown[] = [];
  bridge({
    conversations: {
      list: (input) => {
        asked.push(input);
        return {
          conversations: "after" in input && input.after ? [summary(2), summary(1)] : [summary(3)],
          total: 3,
        };
      },
    },
  });
  const conversations = await list();
  await conversations.refresh();
  await Promise.all([conversations.more(), conversations.more()]);
  expect(conversations.shown?.map(({ id }) => id)).toEqual([3, 2, 1]);
  await conversations.more();
  expect(asked).toEqual([{ limit: 200 }, { limit: 200, after: { id: 3, updatedAt: "t3" } }]);
});

test("a slow result of an older search does not replace that of a newer one", async () => {
  const answers = new Map<string, () => void>();
  const snippet = { text: "", ranges: [] } as never;
  bridge({
    conversations: {
      search: ({ text }) =>
        new Promise((resolve) =>
          answers.set(text, () => resolve([{ conversation: summary(text.length), snippet }])),
        ),
    },
  });
  const conversations = await list();
  const searches = [conversations.search("a"), conversations.search("ab")];
  answers.get("ab")!();
  answers.get("a")!();
  await Promise.all(searches);
  expect(conversations.shown?.map(({ id }) => id)).toEqual([2]);
  await conversations.search(" ");
  expect(conversations.found).toBeUndefined();
});

test("a failure of an older search is not shown beside what a newer one found", async () => {
  let refuse = () => {};
  bridge({
    conversations: {
      search: ({ text }) =>
        text === "ab"
          ? [{ conversation: summary(2), snippet: [] }]
          : new Promise((_, reject) => (refuse = () => reject(new Error("it was interrupted")))),
    },
  });
  const conversations = await list();
  const older = conversations.search("a");
  await conversations.search("ab");
  refuse();
  await older;
  expect(conversations.problem).toBeUndefined();
});

test("a page that arrives after the list was read anew is not added to another end", async () => {
  let answer = () => {};
  let kept = [summary(4), summary(3)];
  bridge({
    conversations: {
      list: (input) =>
        "after" in input && input.after
          ? new Promise((resolve) => {
              answer = () => resolve({ conversations: [summary(2), summary(1)], total: 4 });
            })
          : { conversations: kept, total: 4 },
    },
  });
  const conversations = await list();
  await conversations.refresh();
  const more = conversations.more();
  kept = [summary(3), summary(2)]; // one was deleted
  await conversations.refresh();
  answer();
  await more;
  expect(conversations.shown?.map(({ id }) => id)).toEqual([3, 2]);
});

test("a failure to read or search them stays until they are read again", async () => {
  let works = false;
  const answer = <Given>(given: Given): Given => (works ? given : fail({ code: "disk-full", path: "/home" }));
  bridge({
    conversations: {
      list: () => answer({ conversations: [summary(1)], total: 1 }),
      search: () => answer([{ conversation: summary(2), snippet: [] }]),
    },
  });
  const conversations = await list();
  await conversations.refresh();
  expect(conversations.problem).toMatchObject({ failure: { code: "disk-full" } });
  await conversations.search("oak");
  expect(conversations.problem).toMatchObject({ failure: { code: "disk-full" } });
  works = true;
  await conversations.refresh();
  expect(conversations.problem).toBeUndefined();
  expect([conversations.kept, conversations.found].map((some) => some?.length)).toEqual([1, 1]);
});
