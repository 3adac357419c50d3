import type { Messages } from "../en.ts";

export const settings: Messages["settings"] = {
  title: "Einstellungen",
  sections: "Abschnitte",
  saved: "Jede Änderung wird sofort gespeichert.",

  appearance: "Aussehen",
  theme: "Farben",
  themeAbout: "Wie das System, wenn Sie nichts wählen.",
  system: "System",
  light: "Hell",
  dark: "Dunkel",
  language: "Sprache",
  languageAbout: "Der Anwendung; Modelle antworten in der Sprache Ihrer Daten.",
  systemLanguage: "Wie das System",
  reduceMotion: "Weniger Bewegung",
  reduceMotionAbout: "Auch wenn das System es verlangt. Die Schichtenkarte wechselt dann ohne Übergang.",

  runs: "Läufe",
  notify: "Sagen, wenn ein Lauf zu Ende ist",
  notifyAbout: "Mit einem Hinweis des Systems, auch bei geschlossenem Fenster.",
  keepAwake: "Computer beim Training wach halten",
  keepAwakeAbout: "Der Bildschirm darf trotzdem dunkel werden.",
  onBattery: "Im Akkubetrieb",
  onBatteryAbout: "Training leert den Akku schnell.",
  ask: "Erst fragen",
  run: "Laufen",

  device: "Gerät",
  deviceName: "Prozessor",
  deviceMemory: "Arbeitsspeicher",
  cpu: (cores) => (cores === 1 ? "1 Kern" : `${cores} Kerne`),
  memoryOf: (free, all) => `${free} von ${all} frei`,
  memoryLimit: "Grenze für den Arbeitsspeicher",
  memoryLimitAbout: "Ein Plan, der mehr braucht, wird vor dem Start abgelehnt.",
  noLimit: "Was frei ist",
  threads: "Threads",
  threadsAbout: "Weniger lassen anderen Programmen mehr vom Computer; das Training dauert dann länger.",
  allCores: (cores) => `So viele wie Kerne (${cores})`,
  threadCount: (count) => (count === 1 ? "1 Thread" : `${count} Threads`),

  folders: "Ordner",
  home: "Alles, was Coppice aufhebt",
  freeOnDisk: (free) => `${free} auf dieser Platte frei`,
  open: "Öffnen",
  foldersTable: "Was wo liegt",
  foldersWhat: "Was",
  foldersWhere: "Ordner",
  foldersSize: "Größe",
  counting: "Wird gezählt",
  total: "Zusammen",
  what: {
    runs: "Läufe und ihre gespeicherten Tiefen",
    models: "Kopien von Ausgangsmodellen",
    datasets: "Daten, wie das Rechenwerk sie liest",
    cache: "Zwischenspeicher, lässt sich neu anlegen",
    logs: "Protokolle",
    database: "Datenbank: Läufe, Messwerte, Gespräche",
  },

  privacy: "Privatsphäre, mit Beweis",
  nothingSent: "Keine Verbindung zum Netz",
  used: "Eine Verbindung ist offen",
  notTold: "Lässt sich hier nicht sagen",
  notCheckedYet: "Noch nicht geprüft",
  refused: "Abgelehnte Anfragen seit dem Start",
  connections: "Verbindungen zu anderen Computern",
  openSockets: "Offene Netz-Sockets",
  processes: "Angesehene Prozesse",
  unknown: "unbekannt",
  checkedAt: (time) => `Angesehen um ${time}`,
  ownFilesOnly:
    "Das Fenster darf nur Coppices eigene Dateien laden; jede andere Adresse wird abgelehnt und hier gezählt.",
  noAccount: "Kein Konto, keine Nutzungsdaten, keine Suche nach Aktualisierungen im Hintergrund.",
  proofIs:
    "„Jetzt beweisen“ fragt das System dieses Computers, welche Sockets die Prozesse von Coppice in diesem Augenblick offen halten. Es sieht nur das Jetzt: Eine Verbindung, die vorher auf- und zuging, ist nicht dabei.",
  proofMissing: (processes) =>
    `Von ${processes} Prozessen zeigt dieses System die Sockets nicht; für sie lässt es sich hier nicht beweisen.`,
  foundNone: (processes) =>
    processes === 1
      ? "1 Prozess angesehen, keine Verbindung zu einem anderen Computer."
      : `${processes} Prozesse angesehen, keine Verbindung zu einem anderen Computer.`,
  foundSome: (count) =>
    count === 1
      ? "1 Socket führt von diesem Computer weg; er steht in der Tabelle."
      : `${count} Sockets führen von diesem Computer weg; sie stehen in der Tabelle.`,
  proveNow: "Jetzt beweisen",
  proveAgain: "Noch einmal beweisen",
  processTable: "Die Prozesse und ihre Sockets",
  process: "Prozess",
  socket: "Socket",
  noSocket: "keiner",
  leaves: "führt von diesem Computer weg",
  stays: "bleibt auf diesem Computer",

  about: "Über Coppice",
  version: "Coppice",
  electron: "Electron",
  licence: "Lizenz",
};
