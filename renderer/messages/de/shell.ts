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
  requests: (count) => (count === 1 ? "1 Netzwerkanfrage" : `${count} Netzwerkanfragen`),
  pageFailed: "Diese Seite konnte nicht gezeigt werden.",
  again: "Noch einmal",
};
