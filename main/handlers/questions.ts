import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { fileName } from "../services/home/file-name.ts";
import { bestWriter, writersHere } from "../services/questions/best-writer.ts";
import { questionLines } from "../services/questions/exported-questions.ts";
import { makeDataSet } from "../services/questions/making-data-sets.ts";
import { adviceOn } from "../services/questions/writer-advice.ts";
import { saveAs } from "./saving.ts";

export function questionsHandlers({
  services,
  desktop,
  paths,
  reading,
  questionWriter,
}: Application): Handlers<(typeof contract)["questions"]> {
  const { dataSets, writings } = services;
  return {
    passages: async ({ dataSet }) => {
      const passages = await reading.passages(dataSets.folderOf(dataSet));
      return {
        passages: passages.length,
        documents: new Set(passages.map(({ document }) => document).filter(Boolean)).size,
      };
    },
    bestWriter: () => bestWriter(reading, writersHere(services)),
    writer: ({ model }) => {
      paths.checkModel(model);
      return adviceOn(model, reading, writersHere(services));
    },
    list: () => questionWriter.list(),
    get: ({ id }) => questionWriter.get(id),
    start: async (asked) => {
      paths.checkModel(asked.model);
      return { id: await questionWriter.start(asked) };
    },
    stop: ({ id }) => questionWriter.stop(id),
    resume: ({ id, ...howLong }) => questionWriter.resume(id, howLong),
    erase: ({ id }) => questionWriter.erase(id),
    find: (asked) => writings.find(asked),
    read: ({ ids }) => writings.read(ids),
    change: ({ id, change }) => writings.change(id, change),
    undo: ({ id }) => writings.undo(id),
    save: ({ id, onlyChecked }) => {
      const name = fileName(writings.get(id).name, /[^\p{L}\p{N}._ -]+/gu, "questions");
      const content = questionLines(writings.rows(id, onlyChecked));
      return saveAs({ desktop, paths }, { name, extension: "jsonl", content });
    },
    makeDataSet: ({ id, ...how }) => makeDataSet(services, reading, id, how),
  };
}
