/** A home with documents that were read, and questions that a model wrote from them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDataset } from "../../main/documents/dataset.ts";
import { storedPassages } from "../../main/documents/stored/stored-passages.ts";
import { openServices } from "../../main/services/open.ts";
import { sample } from "../../main/services/models/sample.ts";
import type { KeptQuestion } from "../../main/services/questions/writing-from-passages.ts";
import type { StoredPassage } from "../../preload/contract/questions/written-questions.ts";
import { newFolder } from "./coppice.ts";
import { agreed } from "../main/services/questions/passages.ts";

const THINGS = ["crane", "dry dock", "mobile pump", "winch", "forklift"];

/** `questions`: how many there are, over all passages but the last one, which is still to be written from. `folder`: that of a journey. */
export async function folderWithQuestions(questions: number, folder = newFolder()) {
  const source = join(folder, "yard");
  mkdirSync(source);
  for (let i = 0; i < 24; i++) writeFileSync(join(source, `hire-${i}.txt`), documentOf(i));
  const services = openServices(join(folder, "home"));
  try {
    const { home, dataSets, writings } = services;
    const out = join(home.datasets, "5f0c");
    await readDataset({ data: [source], out, seed: 1 });
    const dataSet = dataSets.keep(out, "Harbour yard");
    const passages: StoredPassage[] = [];
    for (const some of storedPassages(out)) passages.push(...some);
    const entry = { name: "Harbour yard", model: sample.model, modelName: "sample" };
    const id = writings.create({ ...entry, dataSet, kinds: ["fact"], passages });
    const written = writings.next(id, passages.length - 1);
    const kept = Array.from({ length: questions }, (_, i): KeptQuestion => {
      const passage = written[i % written.length]!;
      const evidence = /A .*? a day\./.exec(passage.passage)![0];
      return {
        kind: "fact",
        question: `What does the hire cost in case ${i}?`,
        passageId: passage.id,
        answer: `${evidence.match(/\d+ euros a day/)![0]}`,
        evidence,
        checks: agreed,
        doubt: Math.round((1000 * (questions - i)) / questions / 2) / 1000,
      };
    });
    writings.record(id, written, { kept, thrown: { disagrees: 14, unsupported: 3 } }, 1200);
    return { folder, dataSet, writing: id };
  } finally {
    services.close();
  }
}

function documentOf(i: number): string {
  const thing = THINGS[i % THINGS.length]!;
  return `Hire of a ${thing}, contract ${i}\n\nA ${thing} with operator is let from seven in the morning for ${120 + 7 * i} euros a day. Fuel is charged by the litre at the price that is posted at the gate on the day of the hire. Whoever returns the ${thing} after the bell at six pays half a day more, unless the harbour master of berth ${i} has closed the gate.\n`;
}
