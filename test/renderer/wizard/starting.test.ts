import { expect, onTestFinished, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { bridge } from "../bridge.ts";

/** The step's page with a plan that has just been started; `finish` and `fail` end the call that starts it. */
async function started() {
  vi.resetModules();
  const page = new EventTarget();
  const location = { hash: "#/new/target" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const calls: { finish: () => void; fail: (error: unknown) => void }[] = [];
  bridge({
    runs: {
      start: () =>
        new Promise((resolve, reject) => {
          const finish = () => resolve({ id: `run ${calls.length}` });
          calls.push({ finish, fail: reject });
        }),
    },
    wizard: {
      draft: () => ({ ...WizardDraft.parse({}), model: { path: "/m", name: "m" } }),
      keep: () => {},
    },
  });
  const { draft } = await import("../../../renderer/wizard/draft.svelte.ts");
  const { toasts } = await import("../../../renderer/components/toasts.svelte.ts");
  const { starting } = await import("../../../renderer/wizard/target/starting.svelte.ts");
  await draft.load();
  const done = starting.start(false);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  const leave = (hash: string) => {
    location.hash = hash;
    page.dispatchEvent(new Event("hashchange"));
  };
  return { starting, draft, toasts, location, leave, calls, done };
}

test("a run that was started is shown where the person waits for it", async () => {
  const { starting, draft, location, calls, done } = await started();
  expect(starting.busy).toBe(true);
  calls[0]!.finish();
  await done;
  expect(location.hash).toBe("#/runs/run%201");
  expect(draft.now!.run).toBe("run 1");
  expect(starting.busy).toBe(false);
});

test("a person who has gone elsewhere stays there", async () => {
  const { draft, location, leave, calls, done } = await started();
  leave("#/chat");
  calls[0]!.finish();
  await done;
  expect(location.hash).toBe("#/chat");
  expect(draft.now!.run).toBe("run 1");
});

test("a run is started once, also if the page is left and opened again meanwhile", async () => {
  const { starting, leave, calls, done } = await started();
  leave("#/new/data");
  leave("#/new/target");
  await starting.start(false);
  expect(calls).toHaveLength(1);
  calls[0]!.finish();
  await done;
});

test("a run belongs to the draft only if that is unchanged", async () => {
  const { draft, calls, done } = await started();
  draft.change({ step: "data" });
  draft.choose({ threads: 2 });
  calls[0]!.finish();
  await done;
  expect(draft.now!.run).toBeNull();
});

test("why it was not started is said on the page, and elsewhere in a toast", async () => {
  const failure = { code: "disk-full", path: "/coppice.db" } as const;
  const here = await started();
  here.calls[0]!.fail(new AppError(failure));
  await here.done;
  expect(here.starting.failure).toEqual(failure);
  expect(here.toasts.shown).toEqual([]);
  const elsewhere = await started();
  elsewhere.leave("#/library");
  elsewhere.calls[0]!.fail(new AppError(failure));
  await elsewhere.done;
  expect(elsewhere.starting.failure).toBeUndefined();
  expect(elsewhere.toasts.shown).toMatchObject([{ kind: "warn", stays: true }]);
});
