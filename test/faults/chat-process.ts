/**
 * A program that chats on the home that it is given, to be killed. It asks again and again, each time in a new conversation, and reports each
 * question once it is written down and each piece of an answer with the time: one JSON object a line.
 */
import { writeSync } from "node:fs";
import { LoadedModels } from "../../main/services/chat/loaded-models.ts";
import { openServices } from "../../main/services/open.ts";
import { Talk } from "../../main/services/chat/talk.ts";
import { endless } from "./engines.ts";

const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

const services = openServices(process.argv[2]);
const loaded = new LoadedModels({ services });
const { conversations } = services;
const talk = new Talk({ conversations, speakers: loaded });
for (let number = 1; ; number++) {
  const { id } = conversations.create({ title: "T", model: "sample", sampling: endless });
  await talk.ask(id, `Question ${number}?`, {
    onPiece: (piece) => {
      if (piece.type === "began") tell({ conversation: id, question: piece.question, answer: piece.answer });
      if (piece.type === "text") tell({ text: piece.text, at: Date.now() });
    },
  });
}
