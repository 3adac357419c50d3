import { describe, expect, test } from "vitest";
import { failureFrom } from "../../failure-from.ts";
import { servicesForTest } from "../services.ts";

const text = { right: "Only with written consent.", passage: "§ 540" };

/** A conversation whose answer was corrected. */
function correctedConversation() {
  const services = servicesForTest();
  const { conversations, corrections } = services;
  const { id: conversation } = conversations.create({
    title: "A lease",
    model: "clauses-7f3k2",
    sampling: {},
  });
  const asked = conversations.ask(conversation, { role: "user", content: "May I sublet?" });
  const message = conversations.startAnswer(conversation, asked, "clauses-7f3k2");
  const answer = {
    lineage: "clauses-7f3k2",
    run: "clauses-7f3k2",
    place: { conversation, message },
    before: [{ role: "user" as const, content: "May I sublet?" }],
    wrong: "With consent.",
  };
  const id = corrections.save(answer, text, null);
  return { ...services, conversation, message, answer, id };
}

describe("a correction", () => {
  test("is kept with what was asked, and replaced when the answer is corrected again", () => {
    const { corrections, conversation, message, answer, id } = correctedConversation();
    expect(corrections.save(answer, { right: "Never.", passage: "" }, "test")).toBe(id);
    expect(corrections.ofConversation(conversation)).toMatchObject([
      {
        id,
        message,
        run: "clauses-7f3k2",
        before: answer.before,
        wrong: "With consent.",
        right: "Never.",
        passage: "",
        heldOut: "test",
      },
    ]);
  });

  test("can be taken back", () => {
    const { corrections, id } = correctedConversation();
    corrections.remove(id);
    expect(corrections.ofLineage("clauses-7f3k2")).toEqual([]);
    expect(failureFrom(() => corrections.remove(id))).toMatchObject({ code: "not-found" });
  });

  test("outlives its conversation if the person says so, and is in place again when that is restored", () => {
    const { conversations, corrections, conversation, id } = correctedConversation();
    conversations.remove(conversation, "keep");
    expect(corrections.ofLineage("clauses-7f3k2")).toMatchObject([{ id, message: null, ...text }]);
    const restored = conversations.restore(conversation);
    const [answer] = conversations.messages(restored).filter(({ role }) => role === "assistant");
    expect(corrections.ofConversation(restored)).toMatchObject([{ id, message: answer!.id, ...text }]);
    expect(corrections.ofLineage("clauses-7f3k2")).toHaveLength(1);
  });

  test("that outlived its conversation and was then deleted does not come back with it", () => {
    const { conversations, corrections, conversation, id } = correctedConversation();
    conversations.remove(conversation, "keep");
    corrections.remove(id);
    expect(corrections.ofConversation(conversations.restore(conversation))).toEqual([]);
  });

  test("goes with its conversation otherwise, and comes back with it", () => {
    const { conversations, corrections, conversation } = correctedConversation();
    conversations.remove(conversation, "remove");
    expect(corrections.ofLineage("clauses-7f3k2")).toEqual([]);
    const restored = conversations.restore(conversation);
    expect(corrections.ofConversation(restored)).toMatchObject([text]);
  });
});
