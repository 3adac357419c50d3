import type { Messages } from "../en.ts";
import { counted } from "./counted.ts";

export const settings: Messages["settings"] = {
  title: "Einstellungen",
  sections: "Abschnitte",
  saved: "Jede Änderung wird sofort gespeichert.",

  appearance: "Aussehen",
  theme: "Farbschema",
  themeAbout: "Folgt dem System, sofern Sie kein Schema wählen.",
  system: "System",
  light: "Hell",
  dark: "Dunkel",
  language: "Sprache",
  languageAbout: "Die Sprache der Anwendung. Modelle antworten in der Sprache Ihrer Daten.",
  systemLanguage: "Wie das System",
  reduceMotion: "Bewegung reduzieren",
  reduceMotionAbout: "Aktiv, wenn das System es verlangt. Die Blockübersicht wechselt dann ohne Übergang.",

  runs: "Läufe",
  notify: "Benachrichtigen, wenn ein Lauf oder das Schreiben von Fragen endet",
  notifyAbout: "Mit einer Systembenachrichtigung, auch bei geschlossenem Fenster.",
  keepAwake: "Computer wach halten, solange Coppice arbeitet",
  keepAwakeAbout:
    "Beim Training, beim Schreiben von Fragen, Herunterladen, Exportieren, Kopieren und Einlesen. Der Bildschirm kann sich trotzdem ausschalten.",
  onBattery: "Im Akkubetrieb",
  onBatteryAbout: "Training und das Schreiben von Fragen leeren den Akku schnell.",
  ask: "Zuerst fragen",
  run: "Ausführen",

  device: "Gerät",
  deviceName: "Prozessor",
  deviceMemory: "Arbeitsspeicher",
  cpu: (cores) => counted(cores, "Kern", "Kerne"),
  memoryOf: (free, all) => `${free} von ${all} frei`,
  memoryLimit: "Arbeitsspeichergrenze",
  memoryLimitAbout: "Coppice lehnt einen Plan, der mehr braucht, vor dem Start ab.",
  noLimit: "Gesamter freier Speicher",
  threads: "Threads",
  threadsAbout:
    "Weniger Threads lassen anderen Programmen mehr Rechenleistung, das Training dauert aber länger.",
  allCores: (cores) => `Einer pro Kern (${cores})`,
  threadCount: (count) => counted(count, "Thread", "Threads"),

  folders: "Ordner",
  home: "Alle Daten von Coppice",
  freeOnDisk: (free) => `${free} auf dieser Festplatte frei`,
  open: "Öffnen",
  foldersTable: "Speicherplatz nach Ordner",
  foldersWhat: "Inhalt",
  foldersSize: "Größe",
  counting: "Wird berechnet",
  total: "Gesamt",
  what: {
    runs: "Läufe und ihre gespeicherten Tiefen",
    models: "Modelle aus Läufen und heruntergeladene Modelle",
    datasets: "Aufbereitete Daten",
    cache: "Cache, kann neu erstellt werden",
    logs: "Protokolle",
    database: "Datenbank: Läufe, Messwerte, Gespräche",
    backups: "Kopien der Datenbank von vor Aktualisierungen",
  },

  privacy: "Datenschutz, mit Nachweis",
  nothingSent: "Keine Netzwerkverbindung",
  used: "Eine Verbindung ist offen",
  notTold: "Hier nicht prüfbar",
  notCheckedYet: "Noch nicht geprüft",
  refused: "Abgelehnte Anfragen seit dem Start",
  connections: "Verbindungen zu anderen Computern",
  openSockets: "Offene Netzwerk-Sockets",
  processes: "Geprüfte Prozesse",
  unknown: "unbekannt",
  checkedAt: (time) => `Geprüft um ${time}`,
  ownFilesOnly:
    "Das Fenster darf nur Coppices eigene Dateien laden; jede andere Adresse wird abgelehnt und hier gezählt.",
  noAccount: "Kein Konto, keine Telemetrie, keine Suche nach Updates im Hintergrund.",
  proofIs:
    "„Jetzt nachweisen“ fragt das Betriebssystem, welche Sockets die Prozesse von Coppice in diesem Moment geöffnet haben. Verbindungen, die vorher geöffnet und geschlossen wurden, zeigt es nicht.",
  proofMissing: (processes) =>
    processes === 1
      ? "Dieses System zeigt die Sockets eines Prozesses nicht. Der Nachweis gilt nicht für ihn."
      : `Dieses System zeigt die Sockets von ${processes} Prozessen nicht. Der Nachweis gilt nicht für sie.`,
  foundNone: (processes) =>
    processes === 1
      ? "1 Prozess geprüft, keine Verbindung zu einem anderen Computer."
      : `${processes} Prozesse geprüft, keine Verbindung zu einem anderen Computer.`,
  foundSome: (count) =>
    count === 1
      ? "1 Socket ist mit einem anderen Computer verbunden. Siehe Tabelle."
      : `${count} Sockets sind mit anderen Computern verbunden. Siehe Tabelle.`,
  proveNow: "Jetzt nachweisen",
  proveAgain: "Erneut nachweisen",
  processTable: "Die Prozesse und ihre Sockets",
  process: "Prozess",
  socket: "Socket",
  noSocket: "keiner",
  leaves: "zu einem anderen Computer",
  stays: "innerhalb dieses Computers",

  about: "Über Coppice",
  version: "Coppice",
  electron: "Electron",
  licence: "Lizenz",
};
