import { expect, onTestFinished, test } from "vitest";
import { wizardHandlers } from "../../../main/handlers/wizard.ts";
import type { Application } from "../../../main/application.ts";
import { PermittedPaths } from "../../../main/permitted-paths.ts";
import { Reading } from "../../../main/services/data/reading.ts";
import { thisComputer } from "../../../main/services/plans/admission.ts";
import { sample } from "../../../main/services/models/sample.ts";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";

const handlersOn = (services: ReturnType<typeof servicesForTest>) =>
  wizardHandlers({ services, paths: permitted(services), engine: {}, free: thisComputer } as Application);

function permitted(services: ReturnType<typeof servicesForTest>): PermittedPaths {
  const paths = new PermittedPaths(services);
  paths.permit(["/models", "/data"]);
  return paths;
}

test("a draft that was never started has every default", () => {
  expect(handlersOn(servicesForTest()).draft()).toEqual({
    step: "model",
    model: null,
    sources: {
      data: [],
      valid: [],
      test: [],
      offDomain: [],
      excluded: [],
      mappings: {},
      ocr: false,
      documents: {
        keepsBoilerplate: false,
        makesQuestions: false,
        maskList: [],
        masks: [],
        overlap: 0,
        lastAnswerOnly: false,
      },
    },
    dataset: null,
    patch: {},
    goal: null,
    time: null,
    name: "",
    probe: null,
    run: null,
  });
});

test("a draft is returned as it was saved, and waits once another one is begun, until it is continued or discarded", () => {
  const services = servicesForTest();
  const handlers = handlersOn(services);
  const draft = WizardDraft.parse({
    step: "target",
    model: { path: "/models/small.gguf", name: "small" },
    sources: { data: ["/data/a.csv"], mappings: { "/data/a.csv": { kind: "text", text: "clause" } } },
    patch: { trim: { keep: { fraction: 0.5 } }, floor: 0.95 },
  });
  void handlers.keep(draft);
  expect(handlers.draft()).toEqual(draft);
  const id = handlers.begin() as number;
  expect(handlers.draft()).toEqual(WizardDraft.parse({}));
  const waiting = { id, step: "target", model: "small", data: "/data/a.csv" };
  expect(handlers.unfinished()).toEqual([waiting]);
  expect(handlers.begin()).toBeNull(); // an empty one does not wait
  void handlers.keep(WizardDraft.parse({ sources: { data: ["/data/b.csv"] } }));
  void handlers.resume({ id });
  expect(handlers.draft()).toEqual(draft);
  expect(handlers.unfinished()).toMatchObject([waiting, { data: "/data/b.csv" }]);
  void handlers.discard({ id });
  expect(handlers.draft()).toEqual(WizardDraft.parse({}));
  expect(handlers.unfinished()).toMatchObject([{ data: "/data/b.csv" }]);
});

test("a draft names the run that was started from it until that is deleted", () => {
  const services = servicesForTest();
  const handlers = handlersOn(services);
  const { id } = services.runs.create(planWithSeed(1), { name: "oak" });
  for (const [run, then] of [
    [id, id],
    ["deleted", null],
  ] as const) {
    void handlers.keep(WizardDraft.parse({ run }));
    expect(handlers.draft()).toMatchObject({ run: then });
  }
});

test("an unreadable draft starts over", () => {
  const services = servicesForTest();
  services.drafts.keep("new-model", { step: "elsewhere", model: 3 });
  expect(handlersOn(services).draft()).toEqual(WizardDraft.parse({}));
});

test("a new plan trains on the device in the settings, unless another was chosen for it", async () => {
  const services = servicesForTest();
  services.settings.set({ device: "webgpu" });
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const model = await reading.inspect(sample.model);
  const { folder } = await reading.dataset({ data: [sample.data] }, sample.model, 1, services.home.datasets);
  const paths = new PermittedPaths(services);
  paths.permit([sample.model, folder]);
  const handlers = wizardHandlers({ services, paths, engine: {}, free: thisComputer } as Application);
  const deviceOf = async (patch: PlanPatch) =>
    (await handlers.estimate({ model, dataset: folder, patch, probe: null })).plan.device;
  expect(await deviceOf({})).toBe("webgpu");
  expect(await deviceOf({ device: "cpu" })).toBe("cpu");
});
