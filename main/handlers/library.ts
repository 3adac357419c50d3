import { fail } from "../../native-models/failure.ts";
import type { Handlers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { dataPlace } from "../home.ts";
import { writeMoved } from "../moved-home.ts";
import { correctionsWithout, keepAllCorrections } from "../services/runs/correction-sets.ts";
import { correctionsNamed } from "./corrections.ts";

export function libraryHandlers({
  services,
  paths,
  reading,
  desktop,
  queue,
  talk,
  loadedModels,
  announce,
}: Application): Handlers<(typeof contract)["library"]> {
  const { library, eraser, runs, home } = services;
  const nameOf = correctionsNamed({ services, desktop });
  const refuseWhileRunning = () => {
    if (queue.running !== null)
      fail({
        code: "bad-choice",
        option: `The run ${queue.running}`,
        reason: "it is running; pause it first",
      });
  };
  return {
    list: (which) => ({
      runs: library.runs(which),
      states: library.states(),
      models: library.models(),
      dataSets: services.dataSets.list(),
    }),
    describe: ({ id, ...words }) => {
      runs.describe(id, words);
      announce(contract.runs.changed, { run: runs.summary(id), event: null });
    },
    erasing: async ({ ids }) => ({
      ...(await eraser.look(ids)),
      corrections: correctionsWithout(services, ids),
    }),
    erase: async ({ ids, conversations }) => {
      for (const id of ids) if (queue.waiting.includes(id)) queue.pause(id);
      const used = eraser.inUse(ids);
      await talk.end(used.conversations);
      await loadedModels.unload(used.models);
      await keepAllCorrections(services, reading, nameOf); // they go with the last run
      const freedBytes = await eraser.erase(ids, { conversations });
      announce(contract.library.erased, { ids });
      return { freedBytes };
    },
    backUp: async ({ folder }, onProgress, signal) => {
      paths.checkWriting(folder);
      refuseWhileRunning();
      const day = new Date().toISOString().slice(0, 10);
      return services.copyTo(folder, `Coppice ${day}`, { onProgress, signal });
    },
    move: async ({ folder }, onProgress, signal) => {
      paths.checkWriting(folder);
      refuseWhileRunning();
      const copy = await services.copyTo(folder, "Coppice", { onProgress, signal });
      writeMoved(dataPlace(), { folder: copy.folder, from: home.folder });
      desktop.restart();
      return copy;
    },
    isMovable: () => !process.env.COPPICE_HOME,
  };
}
