import { expect, test } from "vitest";
import { fail, failureOf } from "../../../native-models/failure.ts";
import type { ConversationSummary } from "../../../preload/contract/calls/conversations.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { KnownModels } from "../../../renderer/chat/known-models.svelte.ts";
import { bridge } from "../bridge.ts";

const oak: FoundModel = { path: "/models/oak.gguf", name: "Oak", source: "recent", sizeBytes: 1 };
const conversation = (reference: string) =>
  ({ id: 1, model: { reference, name: "Oak" } }) as ConversationSummary;

/** A computer with the model Oak, last used for a conversation; the named call fails until it is repaired. */
function computer(last = oak.path) {
  const now = { broken: null as "find" | "list" | null, finds: 0 };
  const unless = <Given>(call: typeof now.broken, given: Given): Given =>
    now.broken === call ? fail({ code: "unreadable", path: "/home", reason: "busy" }) : given;
  bridge({
    models: { find: () => (now.finds++, unless("find", [oak])) },
    conversations: { list: () => unless("list", { conversations: [conversation(last)], total: 1 }) },
  });
  return { models: new KnownModels(), now };
}

const kept = { reference: oak.path, name: "Oak" };

test("a conversation begins with the model of the address, or the last one if it is still there", async () => {
  const { models, now } = computer();
  expect(await models.first(undefined, undefined)).toEqual([kept]);
  expect(await models.first(oak.path, "elm")).toEqual([kept, { reference: "elm", name: "elm" }]);
  expect(now.finds).toBe(1);
  expect(await computer("/models/gone.gguf").models.first(undefined, undefined)).toEqual([]);
});

test.each(["find", "list"] as const)(
  "what fails (%s) is shown, and works when it is tried again",
  async (broken) => {
    const { models, now } = computer();
    now.broken = broken;
    expect(await models.first(undefined, undefined)).toBeNull();
    expect(failureOf(models.problem)).toMatchObject({ code: "unreadable" });
    now.broken = null;
    expect(await models.first(undefined, undefined)).toEqual([kept]);
    expect([models.problem, models.found]).toEqual([undefined, [oak]]);
  },
);
