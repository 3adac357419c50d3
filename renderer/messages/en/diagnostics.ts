export const diagnostics = {
  title: "Help",
  report: "Report a problem",
  reportAbout:
    "A text file for someone who helps. You see what it holds before it is saved, and Coppice sends it to nobody.",
  saveReport: "Save a report…",
  dialogTitle: "Save a report",
  dialogText:
    "This is what the file will hold, word for word. Leave out what you don’t want to pass on. No texts, names or paths of yours are in it, and nothing is sent.",
  making: "Putting the report together",
  sections: {
    versions: "Versions",
    computer: "This computer",
    settings: "Settings",
    run: "Figures of this run",
    runs: "States of your runs",
    troubles: "Crashes and errors",
    log: "End of the log",
  },
  show: (lines: number) => (lines === 1 ? "Show 1 line" : `Show ${lines} lines`),
  save: "Save as…",
  saved: "The report is saved.",
  openFolder: "Open its folder",
  crashes: "Crashes",
  crashesAbout:
    "Of a crash, Coppice keeps the time, the process and the reason. It makes no image of its memory, since your documents could be in it.",

  troubles: {
    "ended-without-word": {
      title: "Coppice did not end properly last time.",
      text: "It crashed, was ended by force, or the computer went off. What was saved is safe, and a run goes on from its last save.",
    },
    "window-gone": {
      title: "This window stopped and was loaded again.",
      text: "A run goes on meanwhile, and nothing that was saved is lost.",
    },
    error: {
      title: "Something unexpected went wrong.",
      text: "What was saved is safe. If something here does not work as it should, start Coppice again.",
    },
  },
};
