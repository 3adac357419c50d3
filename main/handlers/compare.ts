import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Language } from "../../preload/contract/words/language.ts";
import type { Application } from "../application.ts";
import { compareRuns } from "../services/results/comparing.ts";
import { csvOf } from "../services/reports/csv.ts";
import { htmlOf } from "../services/reports/html.ts";
import { languageOf } from "./language.ts";
import { saveAs } from "./saving.ts";

/** The suggested names of files. */
const NAMES: Readonly<Record<Language, string>> = { en: "comparison", de: "Vergleich" };

export function compareHandlers({
  services,
  paths,
  desktop,
}: Application): Handlers<(typeof contract)["compare"]> {
  const language = () => languageOf(services.settings, desktop);
  const save = (extension: "csv" | "html", content: string) =>
    saveAs({ desktop, paths }, { name: NAMES[language()], extension, content });
  return {
    get: ({ runs }) => compareRuns(services, runs),
    saveCsv: ({ runs }) => save("csv", csvOf(compareRuns(services, runs), language())),
    saveReport: (report) => save("html", htmlOf(report)),
  };
}
