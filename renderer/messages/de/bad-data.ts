/** Why a file cannot be used as data. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type {
  BadData,
  BadDataReason,
  ClaimedKind,
  RefusedFormatName,
} from "../../../preload/contract/failures/bad-data.ts";
import { REFUSED_FORMATS } from "../../../preload/contract/data/refused-formats.ts";
import { numberText } from "../figures.ts";
import { leftOutText, whyNotRead } from "./left-out.ts";
import { pageProblemText } from "./reasons.ts";

const BAD_DATA: WordsFor<BadData> = {
  empty: "Die Datei ist leer",
  "only-a-header": "Die Datei hat einen Kopf, aber keine Zeilen",
  damaged: "Die Datei ist beschädigt",
  truncated: "Das Ende fehlt; die Datei ist abgeschnitten",
  "damaged-or-unsupported": "Die Datei ist beschädigt oder von einer Art, die nicht gelesen wird",
  "damaged-page": ({ page }) => `Seite ${numberText(page)} des PDF ist beschädigt`,
  "damaged-data-set": "Die Datei ist beschädigt; lesen Sie die Daten neu ein",
  "damaged-improvement": "Die Datei ist beschädigt; beginnen Sie die Verbesserung neu",
  "too-large": ({ mib }) => `Die Datei ist größer als ${mib} MiB`,
  "unpacks-to-much": ({ mib, parts }) =>
    parts
      ? `Die Datei enthält entpackt mehr als ${mib} MiB Text; speichern Sie sie in Teilen, eine große Tabelle als CSV`
      : `Die Datei hat entpackt mehr als ${mib} MiB; entpacken Sie sie zuerst`,
  "large-row-groups": "Die Zeilengruppen sind zu groß; schreiben Sie die Datei mit kleineren",
  "too-many-columns": ({ most }) => `Die Datei hat mehr als ${numberText(most)} Spalten`,
  "too-many-cells": "Ein Blatt hat zu viele Zellen; speichern Sie den benötigten Teil als eigenes Blatt",
  "too-many-files": ({ most }) => `Darin sind mehr als ${numberText(most)} Dateien`,
  "archive-over-4-gb": "Die Datei hat die Form für Archive über 4 GB; entpacken Sie sie zuerst",
  compression: ({ method }) =>
    method === null
      ? "Die Datei ist auf eine Weise gepackt, die nicht gelesen wird"
      : `Die Datei ist mit ${method} gepackt, was nicht gelesen wird; schreiben Sie sie mit Snappy oder gzip`,
  "nested-too-deep": "Die Teile sind zu tief verschachtelt",
  password: "Die Datei hat ein Passwort; speichern Sie sie ohne",
  encrypted: "Die Datei ist verschlüsselt; speichern Sie sie unverschlüsselt",
  "encrypted-message":
    "Die Nachricht ist verschlüsselt oder als Ganzes signiert (S/MIME, PGP); speichern Sie ihren Text im E-Mail-Programm",
  "encrypted-documents": "Die Dokumente darin sind durch ein Passwort geschützt; packen Sie sie ohne eines",
  "copy-protected": "Das Buch hat einen Kopierschutz (DRM) und lässt sich nicht lesen",
  "refused-format": ({ format }) => refusedText(format),
  misnamed: ({ as }) => `Dem Namen nach ist es ${claimed[as]}, dem Inhalt nach nicht`,
  "old-office":
    "Es ist eine alte oder geschützte Office-Datei; speichern Sie sie als DOCX oder XLSX ohne Passwort",
  model: "Es ist ein Modell und keine Daten",
  gzip: "Die Datei ist gepackt (gzip); entpacken Sie sie zuerst",
  zip: "Es ist ein ZIP-Archiv und kein Dokument; entpacken Sie es zuerst",
  "no-mail": "Die Datei hat keine Kopfzeilen und ist darum keine E-Mail",
  "unknown-odf": "Es ist eine OpenDocument-Datei ohne Text, Folien und Tabellenblätter",
  picture: "Es ist ein Bild; schalten Sie die Texterkennung (OCR) ein",
  "no-documents": ({ formats }) => `Darin sind keine lesbaren Dokumente (${formats.join(", ")})`,
  "no-documents-but": ({ file, format }) =>
    `Darin sind keine lesbaren Dokumente; ${file}: ${refusedText(format)}`,
  "no-split": ({ splits }) => {
    const names = splits.map((split) => (split === "offDomain" ? "off-domain" : split));
    return `In diesem Ordner beginnt kein Dateiname mit ${names.join(" oder ")}`;
  },
  "not-from-archive": ({ why }) =>
    `Die Datei wird nicht aus dem Archiv gelesen${why === null ? "" : ` (${whyNotRead[why]})`}`,
  "no-text": "Die Datei enthält keinen Text",
  "no-text-place": "Die Datei sagt nicht, wo ihr Text steht; die Datei ist beschädigt",
  "only-imports":
    "Die Datei importiert nur Dateien, die sich nicht lesen lassen; öffnen Sie sie in Word und speichern Sie sie",
  "only-drawings":
    "Die Datei enthält nur Diagramme, die nicht gelesen werden; fügen Sie deren Inhalt als Text oder Tabelle hinzu",
  "only-pictures":
    "Die Datei enthält keinen Text, nur Bilder von Seiten; schalten Sie die Texterkennung (OCR) ein",
  "unmapped-letters":
    "Das PDF sagt nicht, welche Zeichen seine Buchstaben sind; schalten Sie die Texterkennung (OCR) ein",
  "nothing-recognised": ({ problem }) =>
    `Darin wurde kein Text erkannt${problem === null ? "" : ` (${pageProblemText(problem)})`}`,
  entities: "Das XML definiert eigene Entitäten, die nicht gelesen werden; speichern Sie es ohne",
  "xml-data": "Das XML enthält Daten und keinen Text; speichern Sie sie als CSV oder XLSX",
  "no-table": "Kein Blatt hat eine Zeile mit Spaltennamen und Zeilen darunter",
  "no-visible-table":
    "Kein Blatt zeigt eine Zeile mit Spaltennamen und Zeilen darunter; blenden Sie ausgeblendete Blätter, Zeilen und Spalten ein, um sie zu verwenden",
  "large-group": ({ group }) =>
    `Zu viele Zeilen haben in der Gruppe „${group}“ denselben Wert, sodass sich keine abtrennen lassen; wählen Sie eine andere Spalte als Gruppe oder keine, oder fügen Sie Daten für Validierung und Test hinzu`,
  "unknown-encoding": ({ encoding }) => `Die Kodierung „${encoding}“ ist unbekannt`,
  "utf-16": "Der Text ist UTF-16; speichern Sie ihn als UTF-8",
  "not-utf-8": "Die Zeile ist kein gültiges UTF-8",
  "not-text": "Die Datei enthält Zeichen, die in keinem Text vorkommen; das ist keine Textdatei",
  "long-line": "Die Zeile ist länger als 16 MiB",
  "open-quote": "Ein Anführungszeichen ist nicht geschlossen oder steht einzeln in einem Feld",
  "several-lists": ({ names }) =>
    `Das JSON enthält mehrere Listen (${names.join(", ")}); speichern Sie jede als eigene Datei mit diesem Namen`,
  "no-list": "Das JSON enthält keine Liste von Objekten, aus denen Zeilen werden könnten",
  "bad-json": "Das ist kein gültiges JSON",
  "json-list": "Die Zeile ist eine JSON-Liste; schreiben Sie ein Objekt in jede Zeile",
  "part-of-json": "Die Zeile ist nur der Anfang von JSON; schreiben Sie ein ganzes Objekt in jede Zeile",
  "no-object": "Die Zeile ist kein JSON-Objekt",
  "no-prompt": "Das ist kein JSON mit „id“ und „prompt“",
  "no-correction": "Das ist keine Frage mit ihrer richtigen Antwort",
  row: ({ why }) => leftOutText(why),
};

const claimed: Readonly<Record<ClaimedKind, string>> = {
  word: "ein Word-Dokument",
  odt: "ein OpenDocument-Text",
  epub: "ein EPUB-Buch",
  odp: "eine OpenDocument-Präsentation",
  presentation: "eine Präsentation",
  spreadsheet: "eine Tabellenkalkulation",
  parquet: "eine Parquet-Datei",
  pdf: "ein PDF",
  rtf: "ein RTF-Dokument",
  outlook: "eine Outlook-Nachricht",
  picture: "ein Bild",
};

const refused: Readonly<Record<RefusedFormatName, string>> = {
  oldPresentation: "eine Präsentation von PowerPoint 2003 oder älter",
  binaryWorkbook: "eine binäre Arbeitsmappe (XLSB)",
  xmlWorkbook: "eine Arbeitsmappe in Excels XML von 2003",
  flatOpenDocument: "eine OpenDocument-Datei als eine XML-Datei",
  oldWorkbook: "eine Arbeitsmappe von Excel 95 oder älter",
  mailbox: "eine Postfachdatei (mbox)",
  oldWord: "eine Datei aus Word 95 oder älter",
};

function refusedText(format: RefusedFormatName): string {
  const { programs, saveAs } = REFUSED_FORMATS[format];
  return `Es ist ${refused[format]}; öffnen Sie sie in ${programs.join(" oder ") || "einem Mailprogramm"} und speichern Sie sie als ${saveAs}`;
}

export const badDataText = (reason: BadDataReason): string => inWords<BadData>(BAD_DATA, reason);
