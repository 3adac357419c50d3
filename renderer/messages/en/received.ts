import { countText } from "../figures.ts";
import { counted } from "./counted.ts";

export const received = {
  title: "A model was handed on to you",
  titleOf: (name: string) => `“${name}” was handed on to you`,
  checking: "Checking the signature and every byte",
  opening: "Checking again and unpacking",
  first: "Signed by somebody new",
  firstText: (fingerprint: string) =>
    `Fingerprint ${fingerprint}. Ask the sender for theirs by another way, such as by phone. If both are the same, the file is theirs and unchanged.`,
  known: (name: string) =>
    name === "" ? "Signed by a sender whose file you opened before" : `Signed by ${name}`,
  self: "Signed by this Coppice",
  fingerprint: (fingerprint: string) => `Fingerprint ${fingerprint}. The file is unchanged.`,
  sender: "Name of the sender",
  senderHint: "Shown when you open another file of theirs.",
  notMeasured: "It was not measured: its training was not finished.",
  madeFrom: "Made from",
  kept: "Kept",
  licence: "Licence",
  noLicence: "not stated",
  size: "File",
  made: "Made",
  data: "Learnt from",
  rows: (name: string, rows: number) => `${name}, ${counted(rows, "row", "rows")}`,
  personal: "Personal data",
  notMasked: "not masked",
  files: (count: number) => `${counted(count, "file", "files")} that the data came from`,
  moreFiles: (count: number) => `and ${countText(count)} more`,
  noHash: "changed or removed before the model was handed on",
  open: "Open it",
  opened: (name: string) => `“${name}” is on this computer now.`,
  openedText: (size: string) => `It takes ${size}. You find it wherever models are chosen.`,
  chat: "Chat",
  start: "Train it further",
};
