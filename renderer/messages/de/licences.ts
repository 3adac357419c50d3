import type { Messages } from "../en.ts";

export const licences: Messages["licences"] = {
  title: "Lizenzen",
  about: "Woraus Coppice gemacht ist, und die Worte, unter denen man es benutzen und weitergeben darf.",
  back: "Zurück zu den Einstellungen",
  show: "Lizenzen zeigen",
  works: (count) => `${count} Werke`,
  find: "Ein Werk suchen",
  nothing: (words) => `Kein Werk hat „${words}“ im Namen oder in der Lizenz.`,
  chromium: "Chromium, das dieses Fenster zeichnet, hat eine eigene Liste: eine Datei neben der Anwendung.",
  showChromium: "Diese Datei zeigen",
  missing: "Diese Kopie wurde ohne ihre Liste der Lizenzen gebaut; Pakete haben sie immer.",
};
