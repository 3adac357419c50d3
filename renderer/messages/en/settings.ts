import { counted } from "./counted.ts";
export const settings = {
  title: "Settings",
  sections: "Sections",
  saved: "Every change is saved immediately.",

  appearance: "Appearance",
  theme: "Theme",
  themeAbout: "Follows the system unless you choose a theme.",
  system: "System",
  light: "Light",
  dark: "Dark",
  language: "Language",
  languageAbout: "The application's language. Models answer in the language of your data.",
  systemLanguage: "Same as the system",
  reduceMotion: "Reduce motion",
  reduceMotionAbout: "On if the system requests it. The layer map then changes without fading.",

  runs: "Runs",
  notify: "Notify me when a run or writing questions ends",
  notifyAbout: "With a system notification, even when the window is closed.",
  keepAwake: "Keep the computer awake while Coppice works",
  keepAwakeAbout:
    "While it trains, writes questions, downloads, exports, copies or reads data. The screen may still turn off.",
  onBattery: "On battery",
  onBatteryAbout: "Training and writing questions drain the battery quickly.",
  ask: "Ask first",
  run: "Run",

  device: "Device",
  deviceName: "Processor",
  deviceMemory: "Memory",
  cpu: (cores: number) => counted(cores, "core"),
  memoryOf: (free: string, all: string) => `${free} free of ${all}`,
  memoryLimit: "Memory limit",
  memoryLimitAbout: "Coppice refuses a plan that needs more before it starts.",
  noLimit: "All free memory",
  threads: "Threads",
  threadsAbout: "Fewer threads leave more of the processor to other programs, but training takes longer.",
  allCores: (cores: number) => `One per core (${cores})`,
  threadCount: (count: number) => counted(count, "thread"),

  folders: "Folders",
  home: "All of Coppice's data",
  freeOnDisk: (free: string) => `${free} free on this disk`,
  open: "Open",
  foldersTable: "Storage by folder",
  foldersWhat: "Content",
  foldersSize: "Size",
  counting: "Counting",
  total: "Total",
  what: {
    runs: "Runs and their saved depths",
    models: "Models that runs made, and downloaded models",
    datasets: "Prepared data",
    cache: "Cache, can be rebuilt",
    logs: "Logs",
    database: "Database: runs, figures, conversations",
    backups: "Copies of the database from before updates",
  },

  privacy: "Privacy, with proof",
  nothingSent: "No network connection",
  used: "A connection is open",
  notTold: "Cannot be checked here",
  notCheckedYet: "Not checked yet",
  refused: "Requests refused since the start",
  connections: "Connections to other computers",
  openSockets: "Open network sockets",
  processes: "Processes checked",
  unknown: "unknown",
  checkedAt: (time: string) => `Checked at ${time}`,
  ownFilesOnly:
    "The window may load only Coppice’s own files. Every other address is refused and counted here.",
  noAccount: "No account, no telemetry, no update check in the background.",
  proofIs:
    "“Prove it now” asks the operating system which sockets Coppice’s processes have open at this moment. It does not show connections that were opened and closed before.",
  proofMissing: (processes: number) =>
    processes === 1
      ? "This system does not show the sockets of one of Coppice’s processes, so the proof does not cover it."
      : `This system does not show the sockets of ${processes} of Coppice’s processes, so the proof does not cover them.`,
  foundNone: (processes: number) =>
    processes === 1
      ? "1 process checked, no connection to another computer."
      : `${processes} processes checked, no connection to another computer.`,
  foundSome: (count: number) =>
    count === 1
      ? "1 socket is connected to another computer. See the table."
      : `${count} sockets are connected to other computers. See the table.`,
  proveNow: "Prove it now",
  proveAgain: "Prove it again",
  processTable: "The processes and their sockets",
  process: "Process",
  socket: "Socket",
  noSocket: "none",
  leaves: "to another computer",
  stays: "within this computer",

  about: "About",
  version: "Coppice",
  electron: "Electron",
  licence: "Licence",
};
