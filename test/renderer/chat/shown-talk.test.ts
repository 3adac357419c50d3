import { expect, test, vi } from "vitest";
import type { ChatModel, LoadedFacts } from "../../../preload/contract/calls/conversations.ts";
import { ShownTalk } from "../../../renderer/chat/shown-talk.svelte.ts";
import { bridge } from "../bridge.ts";

const oak = { reference: "/models/oak", name: "Oak" };
const ash = { reference: "/models/ash", name: "Ash" };

/** A chat page that learns its models when `find` is called, and the models that it loaded. */
function page() {
  const loaded: string[] = [];
  const finds: ((models: ChatModel[]) => void)[] = [];
  bridge({
    conversations: {
      load: ({ model }) => {
        loaded.push(model);
        return { model: model === oak.reference ? oak : ash } as LoadedFacts;
      },
      get: ({ id }) => ({ id, title: "", model: oak, beside: null, lanes: [[]] }) as never,
    },
  });
  const shown = new ShownTalk({ first: () => new Promise((find) => finds.push(find)) });
  return { shown, loaded, finds };
}

test("a conversation that is begun has its models and can be asked; they are loaded once the person types", async () => {
  const { shown, loaded, finds } = page();
  const onready = vi.fn();
  const begun = shown.begin(undefined, undefined, onready);
  finds[0]!([oak, ash]);
  await begun;
  expect(shown.now.models).toEqual([oak, ash]);
  expect(onready).toHaveBeenCalledTimes(1);
  expect(loaded).toEqual([]);
  shown.now.write("W");
  shown.now.write("Wh");
  await expect.poll(() => loaded).toEqual([oak.reference, ash.reference]);
  shown.leave();
});

test("a conversation that was left before its model was known is not asked for a question", async () => {
  const { shown, finds } = page();
  const onready = vi.fn();
  const begun = shown.begin(undefined, undefined, onready);
  await shown.open(7);
  finds[0]!([oak]);
  await begun;
  expect(shown.now.id).toBe(7);
  const again = shown.begin(undefined, undefined, onready);
  shown.leave();
  finds[1]!([oak]);
  await again;
  expect(onready).not.toHaveBeenCalled();
});

test("a model that was chosen before the last one was known stays", async () => {
  const { shown, finds } = page();
  const begun = shown.begin(undefined, undefined, () => {});
  await shown.now.choose(0, ash);
  finds[0]!([oak]);
  await begun;
  expect(shown.now.models).toEqual([ash]);
});
