import type { Messages } from "../en.ts";

export const downloads: Messages["downloads"] = {
  title: "Ein anderes offenes Modell herunterladen",
  about: (host) =>
    `Coppice verbindet sich mit ${host} nur, wenn Sie eine Schaltfläche drücken, die das nennt.`,
  sends:
    "Gesendet werden der Name des Modells und, wie bei jeder Verbindung, die Adresse dieses Computers; nichts von Ihren Daten.",
  language: "Sprache",
  list: "Offene Modelle, die Coppice unterstützt",
  strengths: {
    quick: "schnell trainiert, für einfache Fragen",
    balanced: "ausgewogen",
    thorough: "mehr Wissen, langsamer",
    code: "für Programmcode",
  },
  languages: { english: "Englisch", many: "viele Sprachen" },
  nonCommercial: "keine gewerbliche Nutzung",
  terms: {
    conditions: (licence) =>
      `Die Lizenz (${licence}) hat eigene Bedingungen, etwa verbotene Verwendungen und einen Hinweis, den Sie weitergeben müssen. Lesen Sie sie, bevor Sie ein daraus entstandenes Modell weitergeben.`,
    "revenue-limit": (licence) =>
      `Die Lizenz (${licence}) erlaubt die gewerbliche Nutzung nur unterhalb eines Jahresumsatzes. Lesen Sie sie, bevor Sie das Modell in einem Unternehmen einsetzen.`,
    "non-commercial": (licence) =>
      `Die Lizenz (${licence}) erlaubt keine gewerbliche Nutzung. Wählen Sie für die Arbeit ein anderes Modell.`,
  },
  aboutSize: (size) => `etwa ${size}`,
  gated: ["mit Bedingungen"],
  gatedAbout: (address) =>
    `Der Herausgeber verlangt vorher die Zustimmung zu Bedingungen: Öffnen Sie ${address} im Browser, stimmen Sie zu und geben Sie dann hier ein Zugangstoken Ihres Kontos ein.`,
  damaged: "Einige Dateien fehlen oder wurden verändert. Nur diese werden erneut heruntergeladen.",
  repair: (size, host) => `Reparieren: höchstens ${size} von ${host}`,
  use: "Dieses Modell verwenden",
  get: (size, host) => `${size} von ${host} herunterladen`,
  byName: "Jedes andere Modell mit seinem Namen",
  byNameHint:
    "Wie auf seiner Seite: HERAUSGEBER/NAME. Nur safetensors- und GGUF-Dateien werden heruntergeladen, niemals Programme.",
  look: (host) => `Bei ${host} nachsehen`,
  licence: (licence) => (licence === null ? "Es ist keine Lizenz angegeben." : `Lizenz: ${licence}`),
  choices: "Welche Datei",
  safetensors: "safetensors, der ganze Ordner",
  getting: (name, host) => `${name} wird von ${host} heruntergeladen`,
  goesOn: "Sie können solange andere Seiten verwenden; ein abgebrochener Download lässt sich fortsetzen.",
  finished: (name) => `${name} ist heruntergeladen, die Prüfsummen stimmen, und es ist ausgewählt.`,
  arrived: (name) => `${name} ist heruntergeladen, und die Prüfsummen stimmen.`,
  larger: (size) => `Das Modell ist größer als erwartet: ${size}. Es wurde noch nichts heruntergeladen.`,
  unfinished: (done, all) => `${done} von ${all} heruntergeladen`,
  resume: (size, host) => `Fortsetzen: ${size} von ${host}`,
  discard: "Entfernen",
  token: "Zugangstoken",
  tokenHint: "Es beginnt mit hf_. Dieses System verschlüsselt es; gesendet wird es nur an den Hub.",
  saveToken: "Dieses Token verwenden",
  hasToken: {
    kept: "Ihr Zugangstoken ist gespeichert, verschlüsselt von diesem System.",
    session:
      "Ihr Zugangstoken wird vergessen, wenn Coppice geschlossen wird, weil dieses System es nicht verschlüsseln kann.",
  },
  forgetToken: "Token vergessen",
  askedTimes: (count, host) =>
    count === 1
      ? `1 Anfrage an ${host} und seine Dateiserver für ein Modell.`
      : `${count} Anfragen an ${host} und seine Dateiserver für Modelle.`,
};
