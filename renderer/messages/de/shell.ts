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
  localOnlyLong: "Nur lokal: nichts verlässt diesen Computer",
  training: "Training",
  paused: "Angehalten",
  inRound: (round) => `Runde ${round}`,
  left: (duration) => `noch etwa ${duration}`,
};
