import { durationText, numberText } from "../figures.ts";
import { counted } from "./counted.ts";

export const elsewhere = {
  action: "Run it elsewhere…",
  long: "This takes longer than a night here. A computer with a graphics card is faster.",
  tooLarge: "A computer with more memory can carry it out.",
  title: "Run it on another computer",
  about:
    "Coppice writes a folder with all that a computer with PyTorch needs for this run. Copy it there and follow its README.md. When it has finished, copy it back and drop it on this window.",
  withoutLimit: "The folder has the whole plan, without your time limit: that counts on this computer only.",
  leaving: (rows: number) =>
    `All ${counted(rows, "row")} of your data leave this computer with it, as numbers that anyone can turn back into text.`,
  notMasked: "No personal data was masked in them.",
  write: "Choose a place and write it…",
  writing: "Writing the folder",
  written:
    "The folder is written. Next, copy it to the other computer and follow its README.md. If this computer can see it there, drop it on this window to follow the run.",
  importing: "A run from another computer",
  checking: "Checking the folder",
  notStarted: "This job has not been started yet; its README.md says how to start it.",
  stopped: "If it has stopped there, the same command continues it. Or train the rest here.",
  continueHere: "Train the rest here",
  steps: (done: number, of: number) => `${numberText(done)} of ${counted(of, "training step")}`,
  losses: "Loss on validation data",
  heard: "Last heard from",
  ago: (seconds: number) => `${durationText(seconds)} ago`,
};
