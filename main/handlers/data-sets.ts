import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { correctionsErasedWith, eraseDataSet, keepAllCorrections } from "../services/runs/correction-sets.ts";
import { correctionsNamed } from "./corrections.ts";
import { exportDataSet, newFolderFor } from "../services/data/exporting-data.ts";

export function dataSetsHandlers({
  services,
  paths,
  reading,
  desktop,
  questionWriter,
}: Application): Handlers<(typeof contract)["dataSets"]> {
  const { dataSets } = services;
  const nameOf = correctionsNamed({ services, desktop });
  return {
    list: async () => {
      await keepAllCorrections(services, reading, nameOf);
      return dataSets.list();
    },
    get: ({ id }) => dataSets.get(id),
    rows: ({ id, ...asked }) => reading.rows({ folder: dataSets.folderOf(id), ...asked }),
    keep: ({ folder, name }) => ({ id: dataSets.keep(folder, name) }),
    rename: ({ id, name }) => dataSets.rename(id, name),
    erasing: ({ id }) => ({
      corrections: correctionsErasedWith(services, id).length,
      descendants: dataSets.descendants(id),
    }),
    erase: async ({ id }) => {
      dataSets.refuseIfNeeded(id); // before anything is stopped
      await questionWriter.stopThoseOf(id);
      return { freedBytes: await eraseDataSet(services, id) };
    },
    export: async ({ id, folder, format }, onPiece, signal) => {
      paths.checkWriting(folder);
      const output = newFolderFor(dataSets, id, folder);
      const onFile = (file: string) => onPiece({ file });
      return exportDataSet(dataSets, reading, { id, format, output }, { onFile, signal });
    },
  };
}
