import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import type { Handlers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { dataPlace } from "../home/home.ts";
import type { HomeCopy } from "../services/home/home-copy.ts";
import { correctionsWithout, keepAllCorrections } from "../services/runs/correction-sets.ts";
import { correctionsNamed } from "./corrections.ts";

export function libraryHandlers(application: Application): Handlers<(typeof contract)["library"]> {
  const { services, paths, reading, desktop, queue, talk, loadedModels } = application;
  const { library, eraser, runs } = services;
  const nameOf = correctionsNamed({ services, desktop });
  const refuseWhileRunning = () => {
    if (queue.running !== null) refuseChoice({ code: "run-running", run: queue.running });
  };
  let isCopying = false;
  let hasMoved = false;
  /** Allows one copy at a time. No run starts meanwhile, since it would keep writing, nor after the home has moved. */
  const copying = async <Copied>(folder: string, copy: () => Promise<Copied>): Promise<Copied> => {
    paths.checkWriting(folder);
    refuseWhileRunning();
    if (isCopying) refuseChoice("second-copy");
    isCopying = true;
    const letStart = queue.hold();
    try {
      return await copy();
    } finally {
      isCopying = false;
      if (!hasMoved) letStart();
    }
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
      application.announce(contract.runs.changed, { run: runs.summary(id), event: null });
    },
    erasing: async ({ ids }) => ({
      ...(await eraser.look(ids)),
      corrections: correctionsWithout(services, ids),
    }),
    erase: async ({ ids, conversations }) => {
      for (const id of ids) if (queue.waiting.includes(id)) queue.pause(id);
      const used = eraser.inUse(ids);
      await talk.end(used.conversations);
      const freedBytes = await loadedModels.unload(used.models, async () => {
        await keepAllCorrections(services, reading, nameOf); // they go with the last run
        return eraser.erase(ids, { conversations });
      });
      application.announce(contract.library.erased, { ids });
      return { freedBytes };
    },
    backUp: ({ folder }, onProgress, signal) =>
      copying(folder, async () => {
        const day = new Date().toISOString().slice(0, 10);
        return shown(await services.copyTo(folder, `Coppice ${day}`, { onProgress, signal }));
      }),
    move: ({ folder }, onProgress, signal) =>
      copying(folder, async () => {
        const copy = await services.copyTo(folder, "Coppice", { onProgress, signal });
        let goOn = () => {};
        try {
          goOn = await application.stopWriting();
          while (!services.moveTo(copy, dataPlace())) await copy.update();
        } catch (error) {
          goOn();
          await copy.remove();
          throw error;
        }
        hasMoved = true;
        desktop.restart();
        return shown(copy);
      }),
    isMovable: () => !process.env.COPPICE_HOME,
  };
}

const shown = ({ folder, files, bytes }: HomeCopy) => ({ folder, files, bytes });
