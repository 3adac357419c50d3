export const diagnostics = {
  title: "Help",
  report: "Report a problem",
  reportAbout:
    "A text file for whoever helps you. You see its content before it is saved. Coppice does not send it.",
  saveReport: "Save a report…",
  dialogTitle: "Save a report",
  dialogText:
    "This is the exact content of the file. Untick what you don’t want to share. It contains none of your texts, names or paths, and nothing is sent.",
  making: "Preparing the report",
  sections: {
    versions: "Versions",
    computer: "This computer",
    settings: "Settings",
    run: "Figures of this run",
    runs: "State of your runs",
    troubles: "Crashes and errors",
    log: "End of the log",
  },
  show: (lines: number) => (lines === 1 ? "Show 1 line" : `Show ${lines} lines`),
  save: "Save as…",
  saved: "The report was saved.",
  openFolder: "Open the folder",
  crashes: "Crashes",
  crashesAbout:
    "Coppice records the time, process and reason of a crash. It writes no memory dump, because a dump could contain your documents.",

  troubles: {
    "ended-without-word": {
      title: "Coppice did not close properly last time.",
      text: "It crashed, was killed, or the computer lost power. Saved data is safe, and a run continues from its last save.",
    },
    "window-gone": {
      title: "This window crashed and was reloaded.",
      text: "A run continues in the background, and no saved data is lost.",
    },
    error: {
      title: "An unexpected error occurred.",
      text: "Saved data is safe. If something does not work, restart Coppice.",
    },
  },
};
