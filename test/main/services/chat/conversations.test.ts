import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../../../main/database/open.ts";
import { query } from "../../../../main/database/store.ts";
import { Conversations } from "../../../../main/services/chat/conversations.ts";
import { Corrections } from "../../../../main/services/chat/corrections.ts";
import { openServices, openServicesToRead } from "../../../../main/services/open.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

const lease = { title: "A lease", model: "clauses-7f3k2", sampling: { temperature: 0.7 } };
const question = { role: "user", content: "May I sublet?" } as const;

describe("a conversation", () => {
  test("keeps its questions and answers in order", () => {
    const { conversations } = servicesForTest();
    const { id } = conversations.create(lease);
    const asked = conversations.ask(id, question);
    const answer = conversations.startAnswer(id, asked, lease.model);
    conversations.continueAnswer(answer, "With");
    conversations.endAnswer(answer, {
      content: "With consent.",
      state: "done",
      tokens: 3,
      tokensPerSecond: 80,
    });
    expect(conversations.messages(id)).toMatchObject([
      { role: "user", state: "done", parentId: null, content: "May I sublet?" },
      {
        role: "assistant",
        state: "done",
        parentId: asked,
        model: lease.model,
        tokens: 3,
        content: "With consent.",
      },
    ]);
    expect(conversations.get(id)).toMatchObject({ ...lease, systemPrompt: "" });
  });

  test("that was used most recently comes first", async () => {
    const { conversations } = servicesForTest();
    const [first, second] = [conversations.create(lease), conversations.create(lease)];
    await wait(5);
    conversations.ask(first.id, question);
    expect(conversations.list().map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  test("that cannot be deleted keeps its corrections", () => {
    const store = openDatabase(":memory:");
    const [conversations, corrections] = [new Conversations(store), new Corrections(store)];
    const { id } = conversations.create(lease);
    const message = conversations.startAnswer(id, conversations.ask(id, question), lease.model);
    const place = { conversation: id, message };
    const answer = { lineage: "clauses", run: "clauses", place, before: [question], wrong: "Yes." };
    corrections.save(answer, { right: "With consent.", passage: "" }, null);
    const refusing = sql`create trigger t before delete on conversations begin select raise(abort, 'no'); end`;
    store.run({ compile: () => refusing.compile(query) as never });
    expect(() => conversations.remove(id, "remove")).toThrow();
    expect(corrections.ofConversation(id)).toHaveLength(1);
  });

  test("that was deleted gives its ids to no other, and is the one that is restored", () => {
    const { conversations } = servicesForTest();
    const create = (title: string) => {
      const { id } = conversations.create({ title, model: "sample", sampling: {} });
      return { id, question: conversations.ask(id, { role: "user", content: `${title}?` }) };
    };
    const first = create("First");
    conversations.remove(first.id);
    const second = create("Second");
    expect([first.id, first.question]).not.toContain(second.question);
    expect(second.id).not.toBe(first.id);
    conversations.remove(second.id);
    const restored = conversations.restore(first.id);
    expect(conversations.get(restored).title).toBe("First");
    expect(conversations.get(conversations.restore(second.id)).title).toBe("Second");
    // Deleted again, it can be restored again: what was kept of the first deletion is over.
    conversations.remove(restored);
    expect(conversations.get(conversations.restore(restored)).title).toBe("First");
  });

  test("that does not exist is not found", () => {
    const { conversations } = servicesForTest();
    const failure = { code: "not-found", path: "99", what: "conversation" };
    expect(failureFrom(() => conversations.get(99))).toEqual(failure);
    expect(failureFrom(() => conversations.ask(99, question))).toEqual(failure);
  });

  test("saves the question at once, and a running answer every second", async () => {
    const folder = temporaryFolder();
    const { conversations } = servicesForTest(folder);
    const { id } = conversations.create(lease);
    const answer = conversations.startAnswer(id, conversations.ask(id, question), lease.model);
    const onDisk = openServicesToRead(folder).conversations;
    for (const content of ["With", "With con", "With consent"]) conversations.continueAnswer(answer, content);
    expect(onDisk.messages(id).map(({ content }) => content)).toEqual(["May I sublet?", ""]);
    await wait(1200);
    expect(onDisk.messages(id).map(({ content }) => content)).toEqual(["May I sublet?", "With consent"]);
  });

  test("whose program exited in the middle of an answer shows it as stopped", () => {
    const folder = temporaryFolder();
    const first = openServices(folder);
    const { id } = first.conversations.create(lease);
    const answer = first.conversations.startAnswer(id, first.conversations.ask(id, question), lease.model);
    first.conversations.continueAnswer(answer, "With con");
    first.close();
    const { conversations } = servicesForTest(folder);
    expect(conversations.messages(id)).toMatchObject([
      { state: "done" },
      { state: "stopped", content: "With con" },
    ]);
  });
});
