import type { Answers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function libraryAnswers({
  services: { library, eraser, runs },
  queue,
  announce,
}: Application): Answers<(typeof contract)["library"]> {
  return {
    list: () => ({ runs: library.runs(), models: library.models(), datasets: library.datasets() }),
    describe: ({ id, ...words }) => {
      runs.describe(id, words);
      announce(contract.runs.changed, { run: runs.summary(id), event: null });
    },
    erasing: ({ ids }) => eraser.look(ids),
    erase: async ({ ids, conversations }) => {
      for (const id of ids) if (queue.waiting.includes(id)) queue.pause(id);
      const freedBytes = await eraser.erase(ids, { conversations });
      announce(contract.library.erased, { ids });
      return { freedBytes };
    },
  };
}
