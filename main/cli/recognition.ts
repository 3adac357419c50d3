/** The progress of text recognition for a person. */
import type { RecognitionProgress } from "../../preload/contract/data/ocr.ts";
import type { Terminal } from "./terminal.ts";
import { counted } from "../../preload/contract/words/figures.ts";

/** Shows each page as it begins, and at the end how many there were; programs get an event for each. */
export function recognitionShown(terminal: Terminal): (progress: RecognitionProgress) => void {
  return ({ done, of }) => {
    terminal.emit({ event: "recognition", done, of });
    if (done < of) terminal.status(`Recognising the text of scanned pages: ${done + 1} of ${of}`);
    else {
      terminal.endStatus();
      terminal.say(`Recognised the text of ${counted(of, "scanned page")}.`);
    }
  };
}
