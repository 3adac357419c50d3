/**
 * German for what failures and a run's log say in English: their reasons, and what they are about. A key is the English of the throwing code, with `{}`
 * for each value in it; a value that is a key itself is translated too. A test requires one for everything that the source says.
 */

import { changes } from "../../../preload/methods/index.ts";
import { DAMAGED_FILES, SECTIONS } from "./damage.ts";
import { RUN_LOG } from "./run-log.ts";

/** Broken inside, in ways that differ only for the program that wrote it. */
const DAMAGE = [
  "became shorter while it was read",
  "claims more rows ({}) than it has bytes",
  "contradicts itself about the number of its rows",
  "has a column outside the file",
  "has a damaged directory",
  "has a damaged part",
  "has a directory that points outside the file",
  "has a footer that is larger ({} bytes) than the file",
  "has a page that ends outside its column",
  "has a row group that lacks columns",
  "has a truncated part",
  "has an unterminated number",
  "has columns that do not match",
  "has more values in its pages than stated",
  "has no columns",
  "has text that is not UTF-8",
  "is too short for a Parquet file",
  "lacks a dictionary",
  "lacks its part {}",
];

const FILES = {
  ...Object.fromEntries(DAMAGE.map((english) => [english, "ist beschädigt"])),
  "has a footer over {} MiB": "hat eine Beschreibung von mehr als {} MiB",
  "has columns in other files": "hat Spalten in anderen Dateien",
  "has encrypted columns; save it without encryption":
    "hat verschlüsselte Spalten; speichern Sie sie unverschlüsselt",
  "has more than 16 million values in one row group; write it with smaller row groups":
    "hat mehr als 16 Millionen Werte in einer Zeilengruppe; schreiben Sie sie mit kleineren Zeilengruppen",
  "has more than {} columns": "hat mehr als {} Spalten",
  "has more than {} nested columns": "hat mehr als {} verschachtelte Spalten",
  "has parts that overlap": "hat Teile, die sich überschneiden",
  "has too large a directory": "hat ein zu großes Inhaltsverzeichnis",
  "is damaged, or of a kind that is not supported":
    "ist beschädigt oder von einer Art, die nicht gelesen wird",
  "is encrypted; save it without encryption": "ist verschlüsselt; speichern Sie sie unverschlüsselt",
  "is in the form for archives over 4 GB; unpack it first":
    "hat die Form für Archive über 4 GB; entpacken Sie sie zuerst",
  "is compressed with a method that is not supported": "ist auf eine Weise gepackt, die nicht gelesen wird",
  "is compressed with an unknown method": "ist auf unbekannte Weise gepackt",
  "is compressed with {}, which is not supported; write it with Snappy or gzip":
    "ist mit {} gepackt, was nicht gelesen wird; schreiben Sie sie mit Snappy oder gzip",
  "is protected by a password; save it without one": "hat ein Passwort; speichern Sie sie ohne",
  "lacks its end; it is truncated": "hat kein Ende; sie ist abgeschnitten",
  "has more than {} messages; export them in several parts":
    "hat mehr als {} Nachrichten; exportieren Sie sie in mehreren Teilen",
  "unpacks to more than 128 MiB for one group of rows; write it with smaller groups":
    "braucht entpackt mehr als 128 MiB für eine Zeilengruppe; schreiben Sie sie mit kleineren Gruppen",
  "unpacks to more than {} MiB of text; save it in parts, a large table as CSV":
    "enthält entpackt mehr als {} MiB Text; speichern Sie sie in Teilen, eine große Tabelle als CSV",

  "the file {}": "Die Datei {}",
  "the file has a header, but no rows": "Die Datei hat einen Kopf, aber keine Zeilen",
  "the file is damaged; make the improvement again":
    "Die Datei ist beschädigt; beginnen Sie die Verbesserung neu",
  "the file is damaged; read the data again": "Die Datei ist beschädigt; lesen Sie die Daten neu ein",
  "the file is empty": "Die Datei ist leer",
  "the file is larger than {} MiB": "Die Datei ist größer als {} MiB",
  "the file system is read-only": "Das Dateisystem ist schreibgeschützt",
  "it is a folder": "Es ist ein Ordner",
  "it is a folder; choose the model in it, {}": "Es ist ein Ordner; wählen Sie das Modell darin, {}",
  "it is a link to a folder that it is in":
    "Es ist eine Verknüpfung auf einen Ordner, in dem sie selbst liegt",
  "it is a link to something missing": "Es ist eine Verknüpfung, deren Ziel fehlt",
  "it is neither a file nor a folder": "Es ist weder eine Datei noch ein Ordner",
  "it is {}, not a file": "Es ist {} und keine Datei",
  "a folder": "ein Ordner",
  "a named pipe": "eine benannte Pipe",
  "a socket": "ein Socket",
  "a device": "ein Gerät",
  "it was cut short while it was in use": "Sie wurde gekürzt, während sie in Gebrauch war",
  "its folder does not exist": "Den Ordner gibt es nicht",
  "its folder is a file": "Der Ordner ist eine Datei",
  "its links form a circle": "Die Verknüpfungen führen im Kreis",
  "its name contains a NUL character": "Der Name enthält ein NUL-Zeichen",
  "its name is not in UTF-8; rename it": "Der Name ist nicht in UTF-8; benennen Sie sie um",
  "its name is too long": "Der Name ist zu lang",
  "another program holds it open": "Ein anderes Programm hält sie offen",
  "the disk reports an error": "Der Datenträger meldet einen Fehler",
  "the file would be too large for this file system": "Die Datei wäre für dieses Dateisystem zu groß",
  "too many files are open": "Es sind zu viele Dateien geöffnet",
  "it is not a regular file": "Es ist keine gewöhnliche Datei",
  "this account may not read it": "Dieses Benutzerkonto darf die Datei nicht lesen",
  "this account may not use it": "Dieses Benutzerkonto darf die Datei nicht verwenden",
  "this account may not write there": "Dieses Benutzerkonto darf dort nicht schreiben",
  "there is a file of that name": "Eine Datei heißt schon so",
  "a part of the path is a file": "Ein Teil des Pfads ist eine Datei",
  "no folder can be made there": "Dort lässt sich kein Ordner anlegen",
  "there are more than {} files in it": "Darin sind mehr als {} Dateien",
  "there are more than {} messages in it": "Darin sind mehr als {} Nachrichten",
  "there are no documents in it that can be read ({})": "Darin sind keine lesbaren Dokumente ({})",
  "there are no documents in it that can be read; {}: {}": "Darin sind keine lesbaren Dokumente; {}: {}",
  "its documents are protected by a password; pack them without one":
    "Die Dokumente darin sind durch ein Passwort geschützt; packen Sie sie ohne eines",
  "this folder has no file whose name begins with {}": "In diesem Ordner beginnt kein Dateiname mit {}",
  "the archive has more than {} documents": "Das Archiv enthält mehr als {} Dokumente",
  "it is not read from its archive ({})": "Die Datei wird nicht aus dem Archiv gelesen ({})",
  outside: "sie läge außerhalb",
  "too-deep": "in zu vielen Ordnern",
  link: "eine Verknüpfung",
  "other-file": "kein Dokument",
  encrypted: "verschlüsselt",
  "too-large": "zu groß",
  "it unpacks to more than {} MiB; unpack it first":
    "Die Datei hat entpackt mehr als {} MiB; entpacken Sie sie zuerst",
  "its packed content is damaged": "Der gepackte Inhalt ist beschädigt",
  "it is an old or protected Office file; save it as DOCX or XLSX, without a password":
    "Es ist eine alte oder geschützte Office-Datei; speichern Sie sie als DOCX oder XLSX ohne Passwort",
  "it is {}; open it in {} and save it as {}": "Es ist {}; öffnen Sie sie in {} und speichern Sie sie als {}",
  "a presentation of PowerPoint 2003 or older": "eine Präsentation von PowerPoint 2003 oder älter",
  "a binary workbook (XLSB)": "eine binäre Arbeitsmappe (XLSB)",
  "a workbook in Excel's XML of 2003": "eine Arbeitsmappe in Excels XML von 2003",
  "an OpenDocument file as one XML file": "eine OpenDocument-Datei als eine XML-Datei",
  LibreOffice: "LibreOffice",
  "a workbook of Excel 95 or older": "eine Arbeitsmappe von Excel 95 oder älter",
  "a document of Word 95 or older": "eine Datei aus Word 95 oder älter",
  "PowerPoint or LibreOffice": "PowerPoint oder LibreOffice",
  "Excel or LibreOffice": "Excel oder LibreOffice",
  "a mailbox (mbox)": "eine Postfachdatei (mbox)",
  "a mail program": "einem Mailprogramm",
  "Word or LibreOffice": "Word oder LibreOffice",
  "it is a model, not data": "Es ist ein Modell und keine Daten",
  "it is packed (gzip); unpack it first": "Die Datei ist gepackt (gzip); entpacken Sie sie zuerst",
  "it is a ZIP archive, not a document; unpack it first":
    "Es ist ein ZIP-Archiv und kein Dokument; entpacken Sie es zuerst",
  "its name is that of {}, but it is not one": "Dem Namen nach ist es {}, dem Inhalt nach nicht",
  "a Word document": "ein Word-Dokument",
  "an OpenDocument text": "ein OpenDocument-Text",
  "a book in EPUB": "ein EPUB-Buch",
  "an OpenDocument presentation": "eine OpenDocument-Präsentation",
  "a presentation": "eine Präsentation",
  "a spreadsheet": "eine Tabellenkalkulation",
  "a Parquet file": "eine Parquet-Datei",
  "a PDF": "ein PDF",
  "an RTF document": "ein RTF-Dokument",
  "an Outlook message": "eine Outlook-Nachricht",
  "a picture": "ein Bild",
};

const DOCUMENTS = {
  "a quotation mark is not closed, or is inside a field without being doubled":
    "Ein Anführungszeichen ist nicht geschlossen oder steht einzeln in einem Feld",
  "a sheet has too many cells; save the part that is needed as a sheet of its own":
    "Ein Blatt hat zu viele Zellen; speichern Sie den benötigten Teil als eigenes Blatt",
  "it contains no XML element": "Die Datei enthält kein XML-Element",
  "it contains no text": "Die Datei enthält keinen Text",
  "it is encrypted or signed as a whole (S/MIME, PGP); save its text in the e-mail program":
    "Die Nachricht ist verschlüsselt oder als Ganzes signiert (S/MIME, PGP); speichern Sie ihren Text im E-Mail-Programm",
  "it only contains diagrams and charts, which are not read; add what they show as text or a table":
    "Die Datei enthält nur Diagramme, die nicht gelesen werden; fügen Sie deren Inhalt als Text oder Tabelle hinzu",
  "it only imports files that cannot be read; open it in Word and save it":
    "Die Datei importiert nur Dateien, die sich nicht lesen lassen; öffnen Sie sie in Word und speichern Sie sie",
  "it does not say where its text is; the file is damaged":
    "Die Datei sagt nicht, wo ihr Text steht; die Datei ist beschädigt",
  "it has NUL characters; this is not a text file": "Die Datei enthält NUL-Zeichen; das ist keine Textdatei",
  "it has no header lines, so it is not an e-mail message":
    "Die Datei hat keine Kopfzeilen und ist darum keine E-Mail",
  "no sheet shows a row of column names with rows below it; show hidden sheets, rows and columns to use them":
    "Kein Blatt zeigt eine Zeile mit Spaltennamen und Zeilen darunter; blenden Sie ausgeblendete Blätter, Zeilen und Spalten ein, um sie zu verwenden",
  "it has no sheet with a row of column names and rows below it":
    "Kein Blatt hat eine Zeile mit Spaltennamen und Zeilen darunter",
  "it is a picture; switch on text recognition (OCR)":
    "Es ist ein Bild; schalten Sie die Texterkennung (OCR) ein",
  "it is an OpenDocument file without text, slides or sheets":
    "Es ist eine OpenDocument-Datei ohne Text, Folien und Tabellenblätter",
  "it is protected by a password; save it without one": "Die Datei hat ein Passwort; speichern Sie sie ohne",
  "its XML defines entities of its own, which are not read; save it without them":
    "Das XML definiert eigene Entitäten, die nicht gelesen werden; speichern Sie es ohne",
  "its XML contains data, not text; save it as CSV or XLSX":
    "Das XML enthält Daten und keinen Text; speichern Sie sie als CSV oder XLSX",
  "its XML is incomplete; the file is truncated or damaged":
    "Das XML ist unvollständig; die Datei ist abgeschnitten oder beschädigt",
  "its directory is damaged; the file is truncated or damaged":
    "Das Inhaltsverzeichnis ist beschädigt; die Datei ist abgeschnitten oder beschädigt",
  "its elements are nested over 10,000 deep": "Die Elemente sind mehr als 10.000-fach verschachtelt",
  'its encoding "{}" is not known': "Die Kodierung „{}“ ist unbekannt",
  "its end is missing; the file is truncated": "Das Ende fehlt; die Datei ist abgeschnitten",
  "its parts cannot be read: {}": "Die Teile lassen sich nicht lesen ({})",
  "its sheets cannot be read; the file is damaged":
    "Die Blätter lassen sich nicht lesen; die Datei ist beschädigt",
  "its text cannot be read; the file is damaged": "Der Text lässt sich nicht lesen; die Datei ist beschädigt",
  "its text is damaged": "Der Text ist beschädigt",
  "no text was recognised in it{}": "Darin wurde kein Text erkannt{}",
  "no text was recognised on its pages": "Auf den Seiten wurde kein Text erkannt",
  "no text was recognised on its pages: {}": "Auf den Seiten wurde kein Text erkannt ({})",
  ": {}": " ({})",
  "page {} of the PDF is damaged": "Seite {} des PDF ist beschädigt",
  'too many of its rows have the same value of the group "{}", so that none can be split off; choose another column as the group or none, or add validation and test data':
    "Zu viele Zeilen haben in der Gruppe „{}“ denselben Wert, sodass sich keine abtrennen lassen; wählen Sie eine andere Spalte als Gruppe oder keine, oder fügen Sie Daten für Validierung und Test hinzu",
  "the JSON contains several lists ({}); save each as a file of its own with that name":
    "Das JSON enthält mehrere Listen ({}); speichern Sie jede als eigene Datei mit diesem Namen",
  "the JSON contains no list of objects to read rows from":
    "Das JSON enthält keine Liste von Objekten, aus denen Zeilen werden könnten",
  "the JSON ends early; the file is truncated": "Das JSON endet zu früh; die Datei ist abgeschnitten",
  "the JSON is not valid here": "Das JSON ist hier ungültig",
  "the PDF contains no text": "Das PDF enthält keinen Text",
  "the PDF contains no text, only pictures of pages; switch on text recognition (OCR)":
    "Das PDF enthält keinen Text, nur Bilder von Seiten; schalten Sie die Texterkennung (OCR) ein",
  "the PDF does not say which characters its letters are; switch on text recognition (OCR)":
    "Das PDF sagt nicht, welche Zeichen seine Buchstaben sind; schalten Sie die Texterkennung (OCR) ein",
  "the PDF is damaged": "Das PDF ist beschädigt",
  "the PDF is protected by a password; save it without one":
    "Das PDF hat ein Passwort; speichern Sie es ohne",
  "the book is protected against copying (DRM) and cannot be read":
    "Das Buch hat einen Kopierschutz (DRM) und lässt sich nicht lesen",
  "the end of the PDF is missing; the file is truncated":
    "Das Ende des PDF fehlt; die Datei ist abgeschnitten",
  "the page is damaged": "die Seite ist beschädigt",
  "the page is damaged or needs too much memory":
    "die Seite ist beschädigt oder braucht zu viel Arbeitsspeicher",
  "the picture has {} × {} pixels, more than can be read":
    "das Bild hat {} × {} Pixel, mehr als gelesen werden können",
  "the picture is damaged": "das Bild ist beschädigt",
  "the picture is too small": "das Bild ist zu klein",
  "the text is UTF-16 and ends in the middle of a character":
    "Der Text ist UTF-16 und endet mitten in einem Zeichen",
  "the text is UTF-16; save it as UTF-8": "Der Text ist UTF-16; speichern Sie ihn als UTF-8",
};

const LINES = {
  "the line {}": "Die Zeile {}",
  "the row {}": "Die Zeile {}",
  "the line has a NUL byte; this is not a text file":
    "Die Zeile enthält ein NUL-Byte; das ist keine Textdatei",
  "the line has bytes that no text contains; this is not a text file":
    "Die Zeile enthält Bytes, die in keinem Text vorkommen; das ist keine Textdatei",
  "the line is longer than 16 MiB": "Die Zeile ist länger als 16 MiB",
  "the line is not valid UTF-8": "Die Zeile ist kein gültiges UTF-8",
  "is a JSON array; put one object on each line":
    "ist eine JSON-Liste; schreiben Sie ein Objekt in jede Zeile",
  "is not a JSON object": "ist kein JSON-Objekt",
  "is not valid JSON": "ist kein gültiges JSON",
  "is only the beginning of JSON; put one whole object on each line":
    "ist nur der Anfang von JSON; schreiben Sie ein ganzes Objekt in jede Zeile",
  "has an empty {}": "hat ein leeres Feld ({})",
  "has an empty choice (number {})": "hat eine leere Auswahlmöglichkeit (Nummer {})",
  "has a {} that is not text": "hat ein Feld, das kein Text ist ({})",
  "has a NUL character in its {}": "hat ein NUL-Zeichen ({})",
  "has an incomplete character (a lone surrogate) in its {}":
    "hat ein unvollständiges Zeichen, ein einzelnes Surrogat ({})",
  "has choices that are not a list": "hat Auswahlmöglichkeiten, die keine Liste sind",
  "has a history that is not a list of questions and answers":
    "hat einen Verlauf, der keine Liste von Fragen mit Antworten ist",
  "has an answer that refers to an empty choice":
    "hat eine Antwort, die auf eine leere Auswahlmöglichkeit verweist",
  "has the right choice twice": "hat die richtige Auswahlmöglichkeit zweimal",
  "has fewer than 2 choices": "hat weniger als 2 Auswahlmöglichkeiten",
  "has more than 26 choices": "hat mehr als 26 Auswahlmöglichkeiten",
  "has a question without an answer": "hat eine Frage ohne Antwort",
  "has answer {}, but its {} choices are numbered 0 to {}":
    "hat die Antwort {}, aber die {} Auswahlmöglichkeiten haben die Nummern 0 bis {}",
  "has an answer that is not {}": "hat eine Antwort, die {} ist",
  "the text of a choice": "nicht der Text einer Auswahlmöglichkeit",
  "the letter of a choice": "nicht der Buchstabe einer Auswahlmöglichkeit",
  "the number of a choice (from 0)": "nicht die Nummer einer Auswahlmöglichkeit (ab 0)",
  "the number of a choice (from 1)": "nicht die Nummer einer Auswahlmöglichkeit (ab 1)",
  "has messages that are not a list": "hat Nachrichten, die keine Liste sind",
  "has messages, but none from the assistant to learn from":
    "hat keine Nachricht des Assistenten, aus der das Modell lernen könnte",
  "has no answer to learn: all have the weight 0":
    "hat keine Antwort zu lernen, denn alle haben das Gewicht 0",
  "has an answer that is marked as a bad one": "hat eine Antwort, die als schlecht gekennzeichnet ist",
  "starts with an assistant message, after which there is no other answer":
    "beginnt mit einer Nachricht des Assistenten, nach der keine andere Antwort kommt",
  "has an unknown role in message {}; supported are system, user and assistant":
    "hat eine unbekannte Rolle in Nachricht {}; bekannt sind system, user und assistant",
  "calls a tool or contains its result before the first answer (message {}), which is not trained on":
    "enthält vor der ersten Antwort einen Werkzeugaufruf oder sein Ergebnis (Nachricht {}), was nicht gelernt wird",
  "has an empty assistant answer (message {})": "hat eine leere Antwort des Assistenten (Nachricht {})",
  "has {} fields, but the first line has {}": "hat {} Felder, die erste Zeile hat aber {}",
  "has a question without choices and answer": "hat eine Frage ohne Auswahlmöglichkeiten und Antwort",
  "has choices without a question": "hat Auswahlmöglichkeiten ohne Frage",
  "has a prompt but no completion": "hat „Frage oder Prompt“ ohne „Antwort“",
  "has a completion but no prompt": "hat „Antwort“ ohne „Frage oder Prompt“",
  "is an empty object; supported are {}": "ist ein leeres Objekt; bekannt sind {}",
  "has unknown columns ({}); supported are {}": "hat unbekannte Spalten ({}); bekannt sind {}",
  '{"prompt","completion"}, {"question","answer"}, {"question","choices","answer"}, {"messages"} and {"text"}':
    '{"prompt","completion"}, {"question","answer"}, {"question","choices","answer"}, {"messages"} und {"text"}',
  "is unusable for other reasons": "ist aus anderen Gründen nicht verwendbar",
  "content of message {}": "Inhalt der Nachricht {}",
  "choice {}": "Auswahlmöglichkeit {}",
  completion: "„Antwort“",
  system: "Anweisung",
  text: "Text",
};

/** What a choice was about. */
const SUBJECTS = {
  "A depth of {} {}": "Eine Tiefe von {} {}",
  blocks: "Blöcken",
  "half-blocks": "Halbblöcken",
  "A download": "Herunterladen",
  "A download of {}": "Herunterladen von {}",
  "A second copy": "Eine zweite Kopie",
  "A smaller vocabulary": "Ein kleineres Vokabular",
  "A test or validation set of {} rows": "Ein Test- oder Validierungsdatensatz von {} Zeilen",
  "A time of {}": "Eine Zeit von {}",
  "A speed of {}": "Ein Tempo von {}",
  "An adapter": "Ein Adapter",
  "Correcting this answer": "Diese Antwort korrigieren",
  Exporting: "Exportieren",
  "Healing a depth of {} {}": "Das Heilen einer Tiefe von {} {}",
  "HF_ENDPOINT ({})": "HF_ENDPOINT ({})",
  'Improving the run "{}"': "Den Lauf „{}“ verbessern",
  "Looking for updates": "Nach Updates suchen",
  Reciting: "Wörtliches Wiedergeben",
  "Coppice's usual folder": "Der übliche Ordner von Coppice",
  "this account has no home folder; name one with --home or COPPICE_HOME":
    "dieses Konto hat keinen Benutzerordner; nennen Sie mit --home oder COPPICE_HOME einen",
  'Removing "{}"': "„{}“ entfernen",
  "Removing a download": "Einen Download entfernen",
  "Removing {}": "{} entfernen",
  "Teaching tokens": "Token lehren",
  'The data set "{}"': "Der Datensatz „{}“",
  'The depth "{}"': "Die Tiefe „{}“",
  "The folder {}": "Der Ordner „{}“",
  'The method "{}"': "Das Verfahren „{}“",
  "known are {}": "bekannt sind {}",
  "The model {}": "Das Modell „{}“",
  'The name "{}"': "Der Name „{}“",
  'The revision "{}"': "Die Revision „{}“",
  "The run {}": "Der Lauf „{}“",
  "The scorer gradients": "Die Bewertung durch Gradienten",
  'The setting "{}"': "Die Einstellung „{}“",
  "The settings": "Die Einstellungen",
  "The settings file {}": "Die Einstellungsdatei „{}“",
  "The type {}": "Der Typ {}",
  "This access token": "Dieses Zugangstoken",
  "This report": "Dieser Bericht",
  "This update": "Dieses Update",
  'Writing only "not in the text"': "Nur „Nicht im Text“ schreiben",
  depth: "Die Tiefe",
  shape: "Die Form der Antwort",
};

const CHOICES = {
  "Coppice did not download it": "Coppice hat es nicht heruntergeladen",
  "a run that needs it is being prepared; try again in a moment":
    "Ein Lauf, der ihn braucht, wird gerade vorbereitet; versuchen Sie es gleich noch einmal",
  "at most {} can be measured; use fewer": "Höchstens {} können gemessen werden; verwenden Sie weniger",
  "another copy is being made; wait for it or cancel it":
    "Es wird schon kopiert; warten Sie, bis die Kopie fertig ist, oder brechen Sie sie ab",
  "another download is running; wait for it or cancel it":
    "Ein anderer Download läuft; warten Sie, bis er fertig ist, oder brechen Sie ihn ab",
  "another was made since": "Inzwischen gibt es einen neueren",
  'it has "{}", which no plan has': "„{}“ kommt in keinem Plan vor",
  "it has no passages of documents to write questions from":
    "Er hat keine Textstücke aus Dokumenten, aus denen Fragen entstehen könnten",
  "it reuses facts and definitions of other passages; choose one of these kinds too":
    "Das verwendet Einzelheiten und Definitionen aus anderen Textstücken; wählen Sie auch eine dieser Arten",
  "it has no questions yet": "Er hat noch keine Fragen",
  "none of its questions can become a row; write more, or ask them with their passages":
    "Aus keiner seiner Fragen kann eine Zeile werden; lassen Sie weitere schreiben oder stellen Sie sie mit ihren Textstücken",
  "it has no checked questions yet": "Er hat noch keine geprüften Fragen",
  "it has no {}": "Darin gibt es {} nicht",
  "it is already done": "Er ist schon fertig",
  "it is inside the folder to be copied": "Er liegt in dem Ordner, der kopiert werden soll",
  "it is not JSON ({})": "Das ist kein JSON ({})",
  "it is not a question with its right answer": "Das ist keine Frage mit ihrer richtigen Antwort",
  "it is not an address such as https://huggingface.co": "Das ist keine Adresse wie https://huggingface.co",
  "it is not empty": "Er ist nicht leer",
  "it is not finished": "Er ist noch nicht fertig",
  "it is not the one that the run was started with": "Es ist nicht das, mit dem der Lauf begann",
  "it is not a valid Git revision": "Sie ist keine von Git",
  "it is not running": "Er läuft nicht",
  "it is running; pause it first": "Er läuft; halten Sie ihn zuerst an",
  "it is {}, so it has no model yet": "Er hat noch kein Modell; sein Zustand ist: {}",
  queued: "in der Warteschlange",
  running: "läuft",
  paused: "angehalten",
  done: "fertig",
  failed: "fehlgeschlagen",
  cancelled: "abgebrochen",
  "it was not chosen in Coppice; choose it with a button or drop it on the window":
    "Der Pfad wurde nicht in Coppice gewählt; wählen Sie ihn über eine Schaltfläche oder ziehen Sie ihn ins Fenster",
  "its model was deleted": "Sein Modell wurde gelöscht",
  "long texts rotate this model's keys by other angles, which stored keys cannot follow":
    "Lange Texte drehen die Keys dieses Modells um andere Winkel, denen gespeicherte Keys nicht folgen können",
  "no model is loaded yet": "Es ist noch kein Modell geladen",
  "a sparse update of the base model is chosen before anything is trained":
    "Bei einem gezielten Update des Ausgangsmodells wird vor der Auswahl nichts trainiert",
  "on {} the tuned model teaches by its last hidden states only; choose the processor or WebGPU":
    "Auf {} lehrt das abgestimmte Modell nur mit seinen letzten verborgenen Zuständen; wählen Sie den Prozessor oder WebGPU",
  "this model's tokenizer has no tokens for bytes, so that other words could not be written at all":
    "Der Tokenizer dieses Modells hat keine Token für Bytes, sodass sich andere Wörter gar nicht schreiben ließen",
  "questions are being written already; stop that first":
    "Es werden schon Fragen geschrieben; halten Sie das zuerst an",
  "the hub's names have the form OWNER/NAME": "Namen im Hub haben die Form BESITZER/NAME",
  'the hub\'s tokens begin with "hf_"': "Zugangstoken des Hubs beginnen mit „hf_“",
  "the model has only {}": "Das Modell hat nur {}",
  "the model that answered is not the result of a run, so it cannot be trained":
    "Das Modell, das geantwortet hat, stammt aus keinem Lauf und lässt sich darum nicht weiter trainieren",
  "the prompt is empty": "Der Prompt ist leer",
  'the run "{}" still needs it; let it end, or cancel it first':
    "Der Lauf „{}“ braucht es noch; warten Sie, bis er fertig ist, oder brechen Sie ihn ab",
  "the run did not measure it": "Der Lauf hat sie nicht gemessen",
  "the run has not reached any depth yet": "Der Lauf hat noch keine Tiefe erreicht",
  "the rounds end with {}; choose among these": "Die Runden enden mit {}; wählen Sie davon",
  "nothing is cut": "Es wird nichts gekürzt",
  "this plan has no epochs of healing": "Dieser Plan hat keine Epochen zum Heilen",
  "the run has {}": "Der Lauf hat {}",
  "the run is already {}": "Der Lauf ist schon in diesem Zustand: {}",
  "the run is not finished": "Der Lauf ist noch nicht fertig",
  'the run "{}" will write its model there': "Der Lauf „{}“ wird sein Modell dorthin schreiben",
  'the run "{}" is not finished and needs it; finish or delete the run first':
    "Der Lauf „{}“ ist noch nicht fertig und braucht ihn; schließen Sie den Lauf zuerst ab oder löschen Sie ihn",
  "there is no shape {}": "Die Form {} gibt es nicht",
  "there is no update to {}; check again": "Dafür liegt kein Update bereit; suchen Sie noch einmal",
  "this computer has not been measured for this plan yet":
    "Dieser Computer wurde für diesen Plan noch nicht gemessen",
  'this depth dropped parts of the model, which an adapter cannot express; "{}" did not':
    "In dieser Tiefe fehlen Teile des Modells, was ein Adapter nicht ausdrücken kann; in „{}“ fehlt nichts",
  "this package has no address for them": "Dieses Paket hat keine Adresse dafür",
  "this package was built without downloads": "Dieses Paket wurde ohne Downloads gebaut",
  'this run has no depth "{}"; it has: {}': "Dieser Lauf hat keine Tiefe „{}“, sondern: {}",
  "this run trained weights instead of an adapter": "Dieser Lauf hat Gewichte statt eines Adapters trainiert",
  'weights of the format "{}" are stored {}': "Gewichte im Format „{}“ werden {} gespeichert",
  "in 16 bits": "mit 16 Bits",
  "as {}": "als {}",
  "{} is wrong ({})": "{} ist falsch ({})",
  it: "Die Angabe",
};

const ENGINES = {
  "it ended before the job started": "Ende vor Beginn des Auftrags",
  "it ended in the middle of the job": "Ende mitten im Auftrag",
  "it ended in the middle of the job ({})": "Ende mitten im Auftrag ({})",
  "it ended with exit code {}": "Ende mit dem Exit-Code {}",
  "it ended with exit code {} ({})": "Ende mit dem Exit-Code {} ({})",
  "it ran out of memory": "zu wenig Arbeitsspeicher",
  "it did not start in a minute": "kein Start innerhalb einer Minute",
  "{} took longer than {} s": "„{}“ dauerte länger als {} s",
  "{} took more than {} MB of memory": "„{}“ brauchte mehr als {} MB Arbeitsspeicher",
  "it broke the protocol ({})": "eine Nachricht war nicht zu verstehen ({})",
  "its script serves {}": "das Skript gehört zu: {}",
  "it took too long": "es dauerte zu lange",
  "it took too much memory": "es brauchte zu viel Arbeitsspeicher",
  "it crashed ({})": "Absturz ({})",
  "it crashed (SIGABRT), most likely for want of memory":
    "Absturz (SIGABRT), wahrscheinlich aus Mangel an Arbeitsspeicher",
  "it was killed (SIGKILL), by a person or by the system for want of memory":
    "Abbruch (SIGKILL) durch eine Person oder durch das System aus Mangel an Arbeitsspeicher",
  "it was already stopped": "schon vorher beendet",
  trainer: "Training",
  reader: "Lesen",
  recogniser: "Texterkennung",
  chat: "Chat",
  batch: "viele Antworten",
};

/** What was not found, or of what there is too little. */
const THINGS = {
  answer: "Antwort",
  "chat model": "Chat-Modell",
  configuration: "Konfiguration",
  conversation: "Gespräch",
  correction: "Korrektur",
  corrections: "Korrekturen",
  database: "Datenbank",
  "data set": "Datensatz",
  file: "Datei",
  "file or folder": "Datei oder Ordner",
  "folder of Coppice": "Ordner von Coppice",
  message: "Nachricht",
  model: "Modell",
  "model file, folder or run": "Modelldatei, Ordner oder Lauf",
  prompt: "Prompt",
  tokenizer: "Tokenizer",
  question: "Frage",
  "rows for {} that are in no other split": "Zeilen für {}, die in keinem anderen Teil vorkommen",
  train: "das Training",
  valid: "die Validierung",
  test: "den Test",
  "settings file": "Einstellungsdatei",
  "test data": "Testdaten",
  "test set": "Testdaten",
  "training rows": "Trainingszeilen",
  "training rows that go on for {} words": "Trainingszeilen, die {} Wörter lang weitergehen",
  writing: "Schreiben von Fragen",
};

/** Why a chat template, an export, a stored part or an address failed; "sie" is the template. */
const OTHERS = {
  "it creates a list of more than {} entries": "sie erzeugt eine Liste mit mehr als {} Einträgen",
  "it creates lists of more than {} entries": "sie erzeugt Listen mit mehr als {} Einträgen",
  "it creates a text of more than {} characters": "sie erzeugt einen Text mit mehr als {} Zeichen",
  "it creates more than {} characters of text": "sie erzeugt mehr als {} Zeichen Text",
  "it has more than {} spaces in a row": "sie hat mehr als {} Leerzeichen hintereinander",
  "it has {} characters, more than {}": "sie hat {} Zeichen, mehr als {}",
  "it is nested more than {} deep": "mehr als {}-fach verschachtelt",
  "it is nested too deep or makes a text too long":
    "sie ist zu tief verschachtelt oder erzeugt einen zu langen Text",
  "it is not a complete template": "sie ist unvollständig",
  "it leaves a loop that it is not in": "sie verlässt eine Schleife, in der sie nicht ist",
  "it requests a range of {} numbers": "sie verlangt einen Bereich von {} Zahlen",
  "it takes longer than {} s": "sie braucht länger als {} s",
  "it takes more than {} steps": "sie braucht mehr als {} Schritte",
  "its brackets are nested more than {} deep": "ihre Klammern sind mehr als {}-fach verschachtelt",
  "its text cannot be extracted": "ihr Text lässt sich nicht entnehmen",
  "its logits differ by up to {}": "seine Logits weichen um bis zu {} ab",
  "its tokenizer cuts texts differently": "sein Tokenizer zerlegt Texte anders",
  "it is missing": "fehlt",
  "its content has changed": "der Inhalt hat sich geändert",
  "it differs from what was written": "weicht von dem ab, was geschrieben wurde",
  "it answered with status {}": "die Antwort hatte den Status {}",
  "it sent nothing for {} seconds": "{} Sekunden lang kam nichts",
  "it took more than {} seconds": "es dauerte länger als {} Sekunden",
  "the connection ended before the file did": "die Verbindung endete vor der Datei",
};

const REASONS = germanOf({
  ...FILES,
  ...DOCUMENTS,
  ...LINES,
  ...SUBJECTS,
  ...CHOICES,
  ...ENGINES,
  ...THINGS,
  ...OTHERS,
  ...DAMAGED_FILES,
  ...Object.fromEntries(
    changes.flatMap(({ text: { en, de } }) => [
      [en.name, de.name],
      [en.needs ?? "", de.needs ?? ""],
    ]),
  ),
});
const PARTS = germanOf(SECTIONS);
const LOGGED = germanOf(RUN_LOG);

interface German {
  readonly texts: Readonly<Record<string, string>>;
  /** Those with values, the ones with the most words of their own first. */
  readonly patterns: readonly Pattern[];
}

interface Pattern {
  readonly german: string;
  readonly form: RegExp;
  /** Of each value, whether it is a name in quotation marks, which stays. */
  readonly isName: readonly boolean[];
}

function germanOf(texts: German["texts"]): German {
  const patterns = Object.entries(texts)
    .filter(([english]) => english.includes("{}"))
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, german]) => ({ german, ...formOf(english) }));
  return { texts, patterns };
}

function formOf(english: string): Pick<Pattern, "form" | "isName"> {
  const parts = english.split("{}");
  const escaped = parts.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  const form = new RegExp(`^${escaped.join("(.*?)")}$`, "s");
  return { form, isName: parts.slice(0, -1).map((before) => before.endsWith('"')) };
}

function translated(
  { texts, patterns }: German,
  english: string,
  valueText: (english: string) => string = reasonText,
): string | null {
  if (Object.hasOwn(texts, english)) return texts[english]!;
  for (const { form, isName, german } of patterns) {
    const values = form.exec(english)?.slice(1);
    if (!values) continue;
    const shown = values.map((value, index) => (isName[index] ? value : valueText(value)));
    return german.replace(/\{\}/g, () => shown.shift()!);
  }
  return null;
}

/** The German of what a failure says in English; names, numbers and what the system says stay as they are. */
export function reasonText(english: string): string {
  const german = translated(REASONS, english);
  if (german !== null) return german;
  const { code } = /^(?<code>E[A-Z0-9]+): /.exec(english)?.groups ?? {};
  return code === undefined ? english : `Das System meldet ${code}`;
}

/** The German of the part of a file that is damaged; names stay as they are. */
export const sectionText = (english: string): string => translated(PARTS, english) ?? english;

/** The German of a sentence in a run's log, with its numbers; names stay as they are. */
export function loggedText(english: string): string {
  if (/^\d+\.\d+$/.test(english)) return english.replace(".", ",");
  return translated(LOGGED, english, loggedText) ?? english;
}
