import type { Messages } from "../en.ts";

export const shell: Messages["shell"] = {
  skip: "Zum Inhalt springen",
  mainNavigation: "Hauptnavigation",
  library: "Bibliothek",
  newModel: "Neues Modell",
  compare: "Vergleich",
  chat: "Chat",
  settings: "Einstellungen",
  localOnly: "Nur lokal",
  localButUpdates: "Lokal bis auf Updates",
  localButUpdatesLong: "Lokal: nichts verlässt diesen Computer als die Frage nach Aktualisierungen",
  localOnlyLong: "Nur lokal: nichts verlässt diesen Computer",
  training: "Training",
  paused: "Angehalten",
  inRound: (round) => `Runde ${round}`,
  left: (duration) => `noch etwa ${duration}`,
};
