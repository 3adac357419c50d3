import type { Messages } from "../en.ts";

export const licences: Messages["licences"] = {
  title: "Lizenzen",
  about:
    "Die Bestandteile von Coppice und die Bedingungen, unter denen sie verwendet und weitergegeben werden dürfen.",
  back: "Zurück zu den Einstellungen",
  show: "Lizenzen anzeigen",
  works: (count) => `${count} Komponenten`,
  find: "Komponente suchen",
  nothing: (words) => `Keine Komponente hat „${words}“ im Namen oder in der Lizenz.`,
  chromium:
    "Chromium, das dieses Fenster darstellt, hat eine eigene Liste in einer Datei neben der Anwendung.",
  showChromium: "Datei anzeigen",
  missing: "Dieser Build enthält keine Lizenzliste. Pakete enthalten sie immer.",
};
