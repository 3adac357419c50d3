/** What becomes of a model that has been downloaded. */
import { expect, onTestFinished, test, vi } from "vitest";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import type { draft as Draft } from "../../../renderer/wizard/draft.svelte.ts";
import { bridge } from "../bridge.ts";

const arrived: FoundModel = { path: "/m/b", name: "maker/b", source: "downloaded", sizeBytes: 10 };
const wanted = { repository: "maker/b", choice: "safetensors", agreedBytes: 10 };
const dataset = { folder: "/data", report: {} } as unknown as NonNullable<WizardDraft["dataset"]>;

/** At the wizard's first step with a model and its data; `during` happens while the other one is downloaded. */
async function got(during: (draft: typeof Draft, location: { hash: string }) => void = () => {}) {
  vi.resetModules();
  const page = new EventTarget();
  const location = { hash: "#/new/model" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const { draft } = await import("../../../renderer/wizard/draft.svelte.ts");
  bridge({
    wizard: {
      draft: () => ({ ...WizardDraft.parse({}), model: { path: "/a", name: "a" }, dataset }),
      keep: () => {},
    },
    downloads: {
      state: () => ({ host: "hub.example", requests: 0, unfinished: [], damaged: [], token: "none" }),
      suggested: () => [],
      get: async () => {
        during(draft, location);
        page.dispatchEvent(new Event("hashchange"));
        return { found: arrived, sizeBytes: 10 };
      },
    },
  });
  const { getModel } = await import("../../../renderer/wizard/model/get-model.ts");
  const { models } = await import("../../../renderer/wizard/model/models.svelte.ts");
  const { toasts } = await import("../../../renderer/components/toasts.svelte.ts");
  await draft.load();
  await getModel(wanted);
  return { draft, models, toasts, location };
}

test("it is chosen where the person waits for it", async () => {
  const { draft, toasts } = await got();
  expect(draft.now).toMatchObject({ model: { path: "/m/b", name: "maker/b" }, dataset: null });
  expect(toasts.shown).toEqual([]);
});

test("elsewhere it is only offered, so that the plan that is being made keeps its model and data", async () => {
  const { draft, toasts, location } = await got((_, location) => (location.hash = "#/new/data"));
  expect(draft.now).toMatchObject({ model: { path: "/a" }, dataset });
  expect(toasts.shown).toMatchObject([
    { title: "maker/b is downloaded, and its checksums are right.", stays: true },
  ]);
  toasts.shown[0]!.action!.run();
  expect(draft.now).toMatchObject({ model: { path: "/m/b" }, dataset: null });
  expect(location.hash).toBe("#/new/model");
});

test("a repaired model is inspected again", async () => {
  const { models } = await got();
  models.found = [{ ...arrived, source: "damaged-download" }];
  models.inspected = { "/m/b": { failure: { code: "not-found", path: "/m/b", what: "model" } } };
  models.add(arrived);
  expect(models.found).toEqual([arrived]);
  expect(models.inspected).toEqual({});
});

test("it does not replace a model that was chosen meanwhile", async () => {
  const { draft, toasts } = await got((draft) => draft.chooseModel({ path: "/c", name: "c" }));
  expect(draft.now).toMatchObject({ model: { path: "/c" } });
  expect(toasts.shown).toHaveLength(1);
});
