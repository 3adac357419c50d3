import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { questionSheet } from "../services/data/question-sheet.ts";
import { sample } from "../services/models/sample.ts";
import { languageOf } from "./language.ts";
import { saveAs } from "./saving.ts";

export function dataHandlers({
  services,
  paths,
  reading,
  desktop,
}: Application): Handlers<(typeof contract)["data"]> {
  return {
    inspect: async ({ sources, model }, report, signal) => {
      paths.checkSources(sources);
      if (model !== null) paths.checkReading(model);
      const heard = { onFile: report, onPage: report, signal };
      const { notRead, moreNotRead } = await reading.inspectData(sources, {
        model: model ?? undefined,
        ...heard,
      });
      return { notRead, moreNotRead };
    },
    read: async ({ sources, model, seed, mayBeFew }, onProgress, signal) => {
      paths.checkSources(sources);
      paths.checkReading(model);
      const read = await reading.dataset(sources, model, seed, services.home.datasets, {
        onProgress,
        signal,
        mayBeFew,
      });
      return services.datasets.named(read, sources.data);
    },
    rows: ({ folder, ...asked }) => reading.rows({ folder: services.dataSets.folderRead(folder), ...asked }),
    saveSheet: ({ format }) => {
      const sheet = questionSheet(format, languageOf(services.settings, desktop));
      return saveAs({ desktop, paths }, { ...sheet, extension: format });
    },
    sample: () => ({ path: sample.data, model: sample.model }),
  };
}
