import type { Messages } from "../en.ts";

export const shell: Messages["shell"] = {
  skip: "Zum Inhalt springen",
  mainNavigation: "Hauptnavigation",
  library: "Bibliothek",
  newModel: "Neues Modell",
  dataSets: "Datensätze",
  compare: "Vergleich",
  chat: "Chat",
  settings: "Einstellungen",
  connected: "Lädt herunter",
  connectedLong: (host) => `Verbunden mit ${host}, weil Sie ein Modell angefordert haben`,
  localOnly: "Nur lokal",
  localButUpdates: "Lokal bis auf Updates",
  localButUpdatesLong: "Lokal: Außer der Suche nach Updates verlässt nichts diesen Computer",
  localOnlyLong: "Nur lokal: Nichts verlässt diesen Computer",
  training: "Training",
  paused: "Angehalten",
  inRound: (round) => `Runde ${round}`,
  left: (duration) => `noch etwa ${duration}`,
};
