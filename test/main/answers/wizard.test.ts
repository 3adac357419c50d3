import { expect, test } from "vitest";
import { wizardAnswers } from "../../../main/answers/wizard.ts";
import type { Application } from "../../../main/application.ts";
import { PermittedPaths } from "../../../main/services/permitted-paths.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { servicesForTest } from "../services/services.ts";

const answersOn = (services: ReturnType<typeof servicesForTest>) =>
  wizardAnswers({ services, paths: permitted(services), engine: {} } as Application);

function permitted(services: ReturnType<typeof servicesForTest>): PermittedPaths {
  const paths = new PermittedPaths(services);
  paths.permit(["/models", "/data"]);
  return paths;
}

test("a draft that was never begun has the first value of everything", () => {
  expect(answersOn(servicesForTest()).draft()).toEqual({
    step: "model",
    model: null,
    sources: { data: [], valid: [], test: [], offDomain: [], mappings: {} },
    dataset: null,
    choices: {},
    name: "",
    probe: null,
    run: null,
  });
});

test("a draft comes back as it was kept, and is gone once it is forgotten", () => {
  const services = servicesForTest();
  const answers = answersOn(services);
  const draft = WizardDraft.parse({
    step: "target",
    model: { path: "/models/small.gguf", name: "small" },
    sources: { data: ["/data/a.csv"], mappings: { "/data/a.csv": { kind: "text", text: "clause" } } },
    choices: { keep: { fraction: 0.5 }, accuracyFloor: 0.95 },
  });
  void answers.keep(draft);
  expect(answers.draft()).toEqual(draft);
  void answers.forget();
  expect(answers.draft()).toEqual(WizardDraft.parse({}));
});

test("a draft of another version that cannot be read begins anew", () => {
  const services = servicesForTest();
  services.drafts.keep("new-model", { step: "elsewhere", model: 3 });
  expect(answersOn(services).draft()).toEqual(WizardDraft.parse({}));
});
