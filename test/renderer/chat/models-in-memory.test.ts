import { expect, onTestFinished, test } from "vitest";
import type { LoadedFacts } from "../../../preload/contract/calls/conversations.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { ModelsInMemory } from "../../../renderer/chat/models-in-memory.svelte.ts";
import { toasts } from "../../../renderer/components/toasts.svelte.ts";
import { bridge } from "../bridge.ts";

const loaded = (reference: string, name: string) =>
  ({ model: { reference, name }, sizeBytes: 104_900_000 }) as LoadedFacts;
const [oak, leases] = [loaded("/models/oak.gguf", "Oak"), loaded("01LEASES", "Leases")];
const found: FoundModel[] = [
  { path: "/coppice/runs/1/model", name: "Leases", source: "run", run: "01LEASES", sizeBytes: 1 },
];

test("the models in memory are known from the start and followed", async () => {
  const { tell } = bridge({ conversations: { loaded: () => [oak] } });
  const memory = new ModelsInMemory();
  const stop = memory.follow();
  await expect.poll(() => memory.now).toEqual([oak]);
  tell("conversations.loadedChanged", [oak, leases]);
  expect(memory.of("/coppice/runs/1/model", found)).toBe(leases);
  expect(memory.of("/models/elm.gguf", found)).toBeUndefined();
  stop();
  tell("conversations.loadedChanged", []);
  expect(memory.now).toHaveLength(2);
});

test("a model's memory is freed, or a message says that it is writing an answer", async () => {
  onTestFinished(() => void (toasts.shown = []));
  const unloaded: string[] = [];
  bridge({
    conversations: { unload: ({ model }) => (unloaded.push(model), model !== leases.model.reference) },
  });
  const memory = new ModelsInMemory();
  expect(await memory.free(oak)).toBe(true);
  expect(await memory.free(leases)).toBe(false);
  expect(unloaded).toEqual(["/models/oak.gguf", "01LEASES"]);
  expect(toasts.shown.map(({ title }) => title)).toEqual([
    "“Oak” was unloaded, which frees 105 MB of memory.",
    "“Leases” is writing an answer.",
  ]);
});
