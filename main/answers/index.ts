/** Main's answers to the whole contract. */
import type { Answers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { applicationAnswers } from "./application.ts";
import { dataAnswers } from "./data.ts";
import { compareAnswers } from "./compare.ts";
import { devicesAnswers } from "./devices.ts";
import { diagnosticsAnswers } from "./diagnostics.ts";
import { conversationsAnswers } from "./conversations.ts";
import { libraryAnswers } from "./library.ts";
import { modelsAnswers } from "./models.ts";
import { runsAnswers } from "./runs.ts";
import { settingsAnswers } from "./settings.ts";
import { updatesAnswers } from "./updates.ts";
import { wizardAnswers } from "./wizard.ts";

export type AllAnswers = { [Area in keyof typeof contract]: Answers<(typeof contract)[Area]> };

export function answersOf(application: Application): AllAnswers {
  return {
    application: applicationAnswers(application),
    data: dataAnswers(application),
    devices: devicesAnswers(application),
    diagnostics: diagnosticsAnswers(application),
    compare: compareAnswers(application),
    conversations: conversationsAnswers(application),
    library: libraryAnswers(application),
    models: modelsAnswers(application),
    runs: runsAnswers(application),
    settings: settingsAnswers(application),
    updates: updatesAnswers(application),
    wizard: wizardAnswers(application),
  };
}
