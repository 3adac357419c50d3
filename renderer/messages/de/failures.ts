import type { JobProblem, ParcelProblem } from "../../../preload/contract/failures/home.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { Messages } from "../en.ts";
import { percentDigits } from "../../../preload/contract/words/figures.ts";
import { isOwnSection } from "../../../preload/contract/words/own-files.ts";
import { programText } from "../../../preload/contract/words/sentence.ts";
import { badChoiceText } from "./bad-choice.ts";
import { badDataText } from "./bad-data.ts";
import { engineReasonText, engines, fileReasonText, networkReasonText, SCARCE, things } from "./reasons.ts";
import { bytesText, durationDative, listText, numberText, percentText, speedText } from "../figures.ts";
import { inWords } from "../../../native-models/codes.ts";
import type { ScarceData } from "../../../preload/contract/failures/data.ts";

export const failures: Messages["failures"] = {
  title,
  sentence,
  actions: {
    "choose-model": "Anderes Modell wählen",
    "choose-data": "Daten ändern",
    "choose-folder": "Anderen Ordner wählen",
    "free-space": "Platz schaffen",
    "change-plan": "Plan ändern",
    "new-conversation": "Neues Gespräch",
    library: "Zur Bibliothek",
    "use-part": "Einen zufälligen Teil verwenden",
    retry: "Noch einmal versuchen",
    report: "Bericht speichern …",
  },
};

function title(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
    case "missing-tensors":
    case "not-finite":
      return "Diese Datei ist beschädigt.";
    case "missing-part":
      return "Ein Teil des Modells fehlt.";
    case "not-found":
      return "Die Datei wurde nicht gefunden.";
    case "model-removed":
      return "Das Modell wurde entfernt.";
    case "model-missing":
      return "Das Modell ist nicht mehr an seinem Platz.";
    case "bad-parcel":
      return "Diese Datei lässt sich nicht öffnen.";
    case "bad-job":
      return "Dieser Ordner lässt sich nicht übernehmen.";
    case "unreadable":
      return "Diese Datei lässt sich nicht lesen.";
    case "unwritable":
      return "In diesen Ordner lässt sich nicht schreiben.";
    case "unsupported-format":
    case "unsupported-quantisation":
    case "pickle":
    case "adapter-only":
    case "unmerged-adapter":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-tokenizer":
      return "Diese Art von Modell oder Datei wird nicht unterstützt.";
    case "not-expressible":
      return "Das Programm könnte das nicht laden.";
    case "export-differs":
      return "Der Export rechnet nicht wie das Modell.";
    case "too-few-bits":
      return "Für dieses Modell sind das zu wenige Bits.";
    case "bad-data":
      return "Diese Daten lassen sich nicht verwenden.";
    case "too-much-data":
      return "Das sind mehr Daten, als Platz haben.";
    case "too-little-data":
      return "Es sind zu wenige Daten.";
    case "template-failed":
      return "Die Chat-Vorlage des Modells lässt sich nicht verwenden.";
    case "unsupported-schema":
      return "An dieses Schema lassen sich Antworten nicht binden.";
    case "context-full":
      return "Das Gespräch ist voll.";
    case "weight-too-large":
      return "Dieses Modell ist zu groß.";
    case "not-enough-memory":
      return "Der Arbeitsspeicher reicht nicht.";
    case "not-enough-disk":
    case "disk-full":
      return "Der Speicherplatz reicht nicht.";
    case "home-in-use":
      return "Coppice läuft bereits.";
    case "run-in-use":
      return "Ein früheres Training läuft noch.";
    case "newer-database":
      return "Diese Läufe stammen von einer neueren Version von Coppice.";
    case "unknown-run":
      return "Diesen Lauf gibt es nicht mehr.";
    case "model-changed":
      return "Die Datei des Modells hat sich geändert.";
    case "bad-choice":
    case "unsuited-model":
      return "Diese Auswahl ist nicht möglich.";
    case "out-of-reach":
      return "Das ist mit diesem Modell nicht erreichbar.";
    case "too-little-time":
      return "Diese Zeit ist zu kurz.";
    case "not-listening":
      return "Der lokale Server kann nicht starten.";
    case "update-refused":
      return "Dieses Update ist nicht vertrauenswürdig.";
    case "update-unreachable":
      return "Der Update-Server hat nicht geantwortet.";
    case "hub-unreachable":
      return "Der Modell-Hub hat nicht geantwortet.";
    case "repository-refused":
      return "Dieses Modell lässt sich nicht herunterladen.";
    case "download-refused":
      return "Diesem Download ist nicht zu trauen.";
    case "engine-stopped":
      return "Die Engine wurde beendet.";
    case "message-too-large":
      return "Das ist zu viel auf einmal.";
    case "diverged":
      return "Das Training ist divergiert.";
    case "cancelled":
      return "Der Vorgang wurde abgebrochen.";
    case "internal":
      return "Ein unerwarteter Fehler ist aufgetreten.";
    default:
      return failure satisfies never;
  }
}

const JOB_PROBLEMS: Readonly<Record<JobProblem, (file: string) => string>> = {
  "other-folder": () =>
    "ist kein Auftragsordner von Coppice. Wählen Sie den Ordner mit der Datei „plan.json“.",
  unfinished: () =>
    "ist noch nicht fertig. Starten Sie dort denselben Befehl noch einmal, dann geht es weiter, und übernehmen Sie den Ordner, sobald es darin result/done.json gibt; oder trainieren Sie den Rest hier: coppice import --continue.",
  "too-early": () =>
    "enthält noch nichts, was sich fortsetzen lässt: Kein Abschnitt des Trainings ist abgeschlossen. Starten Sie dort denselben Befehl noch einmal, oder trainieren Sie hier von Anfang an.",
  newer: () =>
    "enthält einen Plan, den dieses Coppice nicht lesen kann. Vielleicht ist er von einem neueren: Aktualisieren Sie dieses.",
  changed: (file) =>
    `wurde verändert oder ist unvollständig: „${file}“ passt nicht zu seiner Prüfsumme. Kopieren Sie den Ordner noch einmal.`,
  contents: (file) =>
    `ist nicht verwendbar: „${file}“ enthält nicht, was zu diesem Plan gehört. Verwenden Sie den Ordner nicht; fragen Sie nach, woher er kommt.`,
  model: () =>
    "gehört zu einem Modell, das nicht auf diesem Computer ist oder verschoben wurde. Übernehmen Sie ihn dort, wo er geschrieben wurde.",
  data: () => "gehört zu Daten, die nicht mehr hier sind. Übernehmen Sie ihn dort, wo er geschrieben wurde.",
  rows: () =>
    "wurde mit anderen Zeilen berechnet, als Coppice jetzt aus diesen Daten macht. Schreiben Sie den Ordner neu.",
};

const PARCEL_PROBLEMS: Readonly<Record<ParcelProblem, string>> = {
  "other-file":
    "ist kein Modell, das mit Coppice weitergegeben wurde. Wählen Sie eine Datei, deren Name auf .coppice endet.",
  truncated: "ist unvollständig. Kopieren Sie die Datei noch einmal, oder laden Sie sie neu herunter.",
  damaged:
    "ist beschädigt: Der Inhalt passt nicht zum eigenen Pass. Kopieren Sie die Datei noch einmal, oder laden Sie sie neu herunter.",
  signature:
    "wurde nach dem Signieren verändert. Verwenden Sie die Datei nicht; bitten Sie den Absender um eine neue.",
  contents: "enthält nicht genau ein Modell. Verwenden Sie die Datei nicht; fragen Sie den Absender danach.",
  newer:
    "hat einen Pass, den dieses Coppice nicht lesen kann. Vielleicht stammt die Datei aus einem neueren Coppice: Aktualisieren Sie dieses.",
};

function sentence(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
      return `„${failure.path}“ ist beschädigt (${failure.section}: ${failure.reason}). ${isOwnSection(failure.section) ? "Coppice hat diese Datei geschrieben: Stellen Sie sie aus einer Sicherung wieder her. Ohne eine Sicherung muss noch einmal entstehen, wozu sie gehört." : "Laden Sie die Datei neu herunter."}`;
    case "not-found":
      return failure.path === ""
        ? `Nicht gefunden: ${things[failure.what]}. Prüfen Sie den Namen.`
        : `„${failure.path}“ wurde nicht gefunden (${things[failure.what]}). Prüfen Sie den Namen.`;
    case "model-removed":
      return `„${failure.repository}“ ist nicht mehr auf diesem Computer. Laden Sie das Modell im ersten Schritt eines neuen Laufs wieder herunter; dann geht es wie zuvor.`;
    case "model-missing":
      return `Das Modell dieses Laufs ist nicht mehr unter „${failure.path}“. Legen Sie es dorthin zurück oder öffnen Sie es an seinem neuen Platz im ersten Schritt eines neuen Laufs; dann geht es wie zuvor.`;
    case "bad-parcel":
      return `„${failure.path}“ ${PARCEL_PROBLEMS[failure.problem]}`;
    case "bad-job":
      return `„${failure.path}“ ${JOB_PROBLEMS[failure.problem](failure.file)}`;
    case "unreadable":
      return `„${failure.path}“ lässt sich nicht lesen: ${fileReasonText(failure.reason)}.`;
    case "unwritable":
      return `„${failure.path}“ lässt sich nicht schreiben: ${fileReasonText(failure.reason)}. Wählen Sie einen anderen Ordner oder ändern Sie die Zugriffsrechte.`;
    case "unsupported-format":
      return `Coppice unterstützt das Format von „${failure.path}“ nicht. Unterstützt werden ${listText(failure.supported)}.`;
    case "missing-part":
      return `Teil ${numberText(failure.part)} von ${numberText(failure.parts)} dieses Modells wurde nicht gefunden: „${failure.path}“. Legen Sie alle Teile mit ihren ursprünglichen Namen in einen Ordner.`;
    case "pickle":
      return `„${failure.path}“ ist eine Pickle-Datei. Beim Öffnen einer solchen Datei kann ein beliebiges Programm ablaufen, deshalb öffnet Coppice sie nicht. Verwenden Sie die safetensors- oder GGUF-Dateien des Modells.`;
    case "adapter-only":
      return `„${failure.path}“ ist ein Adapter: Er enthält nur, was das Training an einem anderen Modell geändert hat. Verwenden Sie dieses Modell mit dem darin verrechneten Adapter.`;
    case "unmerged-adapter":
      return `„${failure.path}“ enthält ein Modell und einen Adapter, der nicht darin verrechnet ist. Verrechnen Sie den Adapter mit dem Modell, oder verschieben Sie adapter_config.json aus dem Ordner, um das Modell ohne ihn zu verwenden.`;
    case "unsupported-quantisation":
      return `Die Gewichte in „${failure.path}“ sind mit ${failure.method} quantisiert. Coppice kann sie nicht lesen. Verwenden Sie das ursprüngliche Modell oder eine GGUF-Datei davon.`;
    case "unsupported-architecture":
      return `Modelle vom Typ „${failure.modelType}“ werden nicht unterstützt. Unterstützt werden ${listText(failure.supported)}.`;
    case "export-differs":
      return `Der Export im Format ${failure.format} wurde verworfen: ${failure.by === null ? "sein Tokenizer zerlegt Texte anders" : `seine Logits weichen um bis zu ${failure.by.toPrecision(3)} ab`}. Exportieren Sie in einem anderen Format, und melden Sie das bitte.`;
    case "too-few-bits":
      return `Der Export als ${failure.type} wurde verworfen: Mit so wenigen Bits ist das wahrscheinlichste nächste Token dieses Modells an ${percentText(failure.changed)} der Stellen ein anderes. Wählen Sie ${failure.suggested}.`;
    case "not-expressible":
      return notExpressible(failure);
    case "unsupported-tensor-type":
      return `Das Gewicht „${failure.tensor}“ in „${failure.path}“ ist als ${failure.type} gespeichert. Coppice unterstützt diesen Typ nicht. Verwenden Sie eine Datei mit ${listText(failure.supported)}.`;
    case "unsupported-tokenizer":
      return `Der Tokenizer-Typ „${failure.kind}“ wird nicht unterstützt. Unterstützt werden ${listText(failure.supported)}.`;
    case "missing-tensors":
      return `In „${failure.path}“ fehlen ${numberText(failure.tensors.length)} Gewichte, die ein Modell dieser Art braucht (zuerst ${failure.tensors[0] ?? "unbekannt"}). Laden Sie die Datei neu herunter.`;
    case "not-finite":
      return `Das Gewicht „${failure.tensor}“ in „${failure.path}“ enthält Werte, die keine Zahlen sind. Laden Sie die Datei neu herunter.`;
    case "weight-too-large":
      return `Das Gewicht „${failure.tensor}“ in „${failure.path}“ braucht ${bytesText(failure.bytes)} Speicher. Erlaubt sind ${bytesText(failure.limitBytes)} pro Gewicht. Wählen Sie ein Modell mit kleinerem Vokabular oder kleinerer Breite.`;
    case "bad-data":
      return failure.line === undefined
        ? `„${failure.path}“ lässt sich nicht als Daten verwenden: ${badDataText(failure.reason)}.`
        : `Zeile ${failure.line} von „${failure.path}“ lässt sich nicht verwenden: ${badDataText(failure.reason)}. Korrigieren oder entfernen Sie die Zeile.`;
    case "too-much-data":
      return `Mit „${failure.path}“ haben die Daten mehr als ${failure.millionCharacters} Millionen Zeichen. Verwenden Sie weniger Dateien oder einen zufälligen Teil der Zeilen.`;
    case "too-little-data":
      return `Zu wenige Daten: ${numberText(failure.rows)} (${inWords<ScarceData>(SCARCE, failure.what)}), mindestens ${numberText(failure.needed)} sind nötig. Fügen Sie weitere hinzu.`;
    case "template-failed":
      return `Die Chat-Vorlage ist fehlerhaft (${failure.reason}). Einfache Prompts funktionieren trotzdem.`;
    case "unsuited-model":
      return failure.to === "stored-prompt"
        ? "Eine gespeicherte Vorgabe: Lange Texte drehen die Keys dieses Modells um andere Winkel, denen gespeicherte Keys nicht folgen können."
        : "Ein kleineres Vokabular: Der Tokenizer dieses Modells hat keine Token für Bytes, sodass sich andere Wörter gar nicht schreiben ließen.";
    case "unsupported-schema":
      return unsupportedSchema(failure);
    case "context-full":
      return `Dieser Text hat ${numberText(failure.tokens)} Token. Das Modell verarbeitet höchstens ${numberText(failure.limit)}. Kürzen Sie den Text oder beginnen Sie ein neues Gespräch.`;
    case "not-enough-memory":
      return `Dafür werden etwa ${bytesText(failure.neededBytes)} Arbeitsspeicher benötigt, aber nur ${bytesText(failure.freeBytes)} sind frei. Schließen Sie andere Programme oder wählen Sie ein kleineres Modell oder kürzere Texte.`;
    case "not-enough-disk":
      return `Dafür werden etwa ${bytesText(failure.neededBytes)} unter „${failure.path}“ benötigt, aber nur ${bytesText(failure.freeBytes)} sind frei. Schaffen Sie Platz oder wählen Sie einen anderen Ordner.`;
    case "disk-full":
      return `Die Festplatte ist voll${failure.path ? ` (${failure.path})` : ""}${failure.neededBytes === undefined ? "" : `; mindestens ${bytesText(failure.neededBytes)} fehlen`}. Schaffen Sie Platz oder wählen Sie eine andere Festplatte, und versuchen Sie es dann erneut. Gespeicherte Daten sind sicher.`;
    case "home-in-use":
      return `Ein anderes Coppice${failure.processId === undefined ? "" : ` (Prozess ${failure.processId})`} verwendet „${failure.path}“. Schließen Sie es zuerst.`;
    case "run-in-use":
      return `Ein früheres Training${failure.processId === undefined ? "" : ` (Prozess ${failure.processId})`} läuft noch in „${failure.path}“. Warten Sie, bis es beendet ist, und versuchen Sie es dann erneut.`;
    case "newer-database":
      return `„${failure.path}“ stammt von einer neueren Version von Coppice (Version ${failure.found}, unterstützt wird ${failure.supported}). Verwenden Sie die neuere Version.`;
    case "unknown-run":
      return `Den Lauf „${failure.run}“ gibt es nicht mehr. Die Bibliothek zeigt alle Läufe.`;
    case "model-changed":
      return `„${failure.path}“ wurde seit dem Beginn des Laufs geändert. Stellen Sie die alte Datei wieder her oder beginnen Sie einen neuen Lauf.`;
    case "bad-choice":
      return badChoiceText(failure.why);
    case "out-of-reach":
      return outOfReachText(failure);
    case "too-little-time":
      return `In ${durationDative(failure.seconds)} schafft dieser Computer nicht einmal ${percentText(failure.share, percentDigits(failure.share))} des Trainings. Wählen Sie mehr Zeit, ein kleineres Modell oder weniger Zeilen.`;
    case "not-listening":
      return notListening(failure);
    case "update-refused":
      return `Das Update von ${failure.address} wurde abgelehnt: ${refusals[failure.reason]}. Es wurde nichts installiert.`;
    case "update-unreachable":
      return `${failure.address} hat kein Update geliefert: ${networkReasonText(failure.reason)}. Versuchen Sie es später erneut; diese Version funktioniert weiter.`;
    case "hub-unreachable":
      return `${failure.host} ist nicht erreichbar: ${networkReasonText(failure.reason)}. Versuchen Sie es später erneut; was schon heruntergeladen ist, bleibt erhalten.`;
    case "repository-refused":
      return repositoryRefusals[failure.reason](failure);
    case "download-refused":
      return `${failure.file === null ? `Die Antwort von ${failure.host} zu „${failure.repository}“` : `„${failure.file}“ von ${failure.host}`} wurde abgelehnt: ${downloadRefusals[failure.reason]}. ${failure.reason === "malformed" ? "Falls dieses Netz eine Anmeldeseite hat, öffnen Sie diese zuerst. Versuchen Sie es dann erneut." : "Nichts davon wurde behalten. Versuchen Sie es später erneut oder wählen Sie ein anderes Modell."}`;
    case "engine-stopped":
      return `Die Engine (${engines[failure.kind] ?? failure.kind}) wurde beendet: ${engineReasonText(failure.reason)}. Gespeicherte Daten sind sicher.`;
    case "message-too-large":
      return `Das ist mit ${bytesText(failure.bytes)} zu viel auf einmal; höchstens ${bytesText(failure.limitBytes)} sind möglich. Verwenden Sie einen kürzeren Text, oder wählen Sie statt vieler Dateien deren Ordner.`;
    case "diverged":
      return `Das Training ist in Schritt ${numberText(failure.step)} divergiert: Der Trainingsverlust ist keine Zahl. Wählen Sie eine kleinere Lernrate.`;
    case "cancelled":
      return "Der Vorgang wurde abgebrochen.";
    case "internal":
      return `In Coppice ist ein unerwarteter Fehler aufgetreten (${failure.message}). Bitte melden Sie ihn.`;
    default:
      return failure satisfies never;
  }
}

const refusals: Record<Extract<Failure, { code: "update-refused" }>["reason"], string> = {
  unsigned: "Es ist nicht signiert",
  "wrong-signature": "Die Signatur stammt nicht von den Herstellern dieses Pakets",
  malformed: "Der signierte Inhalt beschreibt kein Update",
  "wrong-file": "Die Datei entspricht nicht der signierten Datei",
};

type RepositoryRefused = Extract<Failure, { code: "repository-refused" }>;

const repositoryRefusals: Record<RepositoryRefused["reason"], (failure: RepositoryRefused) => string> = {
  "not-found": ({ host, repository }) =>
    `Auf ${host} gibt es kein öffentliches Modell „${repository}“. Prüfen Sie den Namen; ein privates Modell braucht ein Zugangstoken.`,
  gated: ({ host, repository }) =>
    `Wer „${repository}“ veröffentlicht, verlangt vorher die Zustimmung zu Bedingungen. Stimmen Sie unter https://${host}/${repository} zu und geben Sie dann ein Zugangstoken Ihres Kontos ein.`,
  "wrong-token": ({ host }) =>
    `${host} nimmt dieses Zugangstoken nicht an. Erstellen Sie eines unter https://${host}/settings/tokens und geben Sie es ein.`,
  forbidden: ({ host, repository }) =>
    `${host} gibt diesem Konto keinen Zugang zu „${repository}“. Siehe https://${host}/${repository}.`,
  adapter: ({ repository }) =>
    `„${repository}“ ist ein Adapter oder enthält einen, der nicht mit dem Modell verrechnet ist. Wählen Sie ein Modell, mit dem der Adapter verrechnet ist.`,
  pickle: ({ repository }) =>
    `„${repository}“ hat seine Gewichte nur als Pickle-Dateien, die beim Öffnen Programme ausführen können. Wählen Sie ein Modell mit safetensors- oder GGUF-Dateien.`,
  "no-model": ({ repository }) =>
    `„${repository}“ enthält kein Modell, das Coppice verwenden kann: weder eine GGUF-Datei noch safetensors-Dateien mit config.json und tokenizer.json. Wählen Sie ein anderes.`,
};

const downloadRefusals: Record<Extract<Failure, { code: "download-refused" }>["reason"], string> = {
  malformed: "Das ist keine Antwort des Hubs",
  "too-large": "Sie ist größer als jede Liste oder Datei, die Coppice annimmt",
  "unsafe-name": "Sie nennt eine Datei außerhalb des Modellordners",
  redirect: "Sie führt zu einer Adresse, die nicht zum Hub gehört",
  "wrong-size": "Die Größe ist nicht die angegebene",
  "wrong-checksum": "Die Prüfsumme ist nicht die angegebene",
};

function notExpressible({
  program: names,
  blocks,
  reason,
  nearest,
}: Extract<Failure, { code: "not-expressible" }>): string {
  const program = programText(names);
  if (reason === "no-attention")
    return `${program} kann dieses Modell nicht laden: Es braucht mindestens eine Attention, und keine ist übrig. Wählen Sie eine andere Tiefe.`;
  const why =
    reason === "half-blocks"
      ? `${program} kann Halbblöcke dieses Modells nicht laden.`
      : `${program} kann dieses Modell mit ${numberText(blocks)} Blöcken nicht laden: Welche Arten von Blöcken übrig sind, lässt sich dem Programm nicht mitteilen.`;
  if (!nearest)
    return reason === "half-blocks"
      ? `${why} Entfernen Sie ganze Blöcke, oder wählen Sie andere Programme.`
      : `${why} Wählen Sie eine andere Tiefe, oder kürzen Sie noch einmal für ${program}.`;
  const { accuracy, tokensPerSecond } = nearest;
  const figures = [
    ...(typeof accuracy === "number" ? [`${percentText(accuracy)} richtig`] : []),
    ...(typeof tokensPerSecond === "number" ? [speedText(tokensPerSecond)] : []),
  ];
  const measured = figures.length === 0 ? "" : ` (${figures.join(", ")})`;
  return `${why} Die nächstgelegene Tiefe, die es laden kann, hat ${numberText(nearest.blocks)} ganze Blöcke${measured}.`;
}

function notListening({ address, port, reason }: Extract<Failure, { code: "not-listening" }>): string {
  switch (reason) {
    case "taken":
      return `Ein anderes Programm verwendet den Port ${port} unter ${address}. Wählen Sie einen anderen Port oder schließen Sie dieses Programm.`;
    case "not-here":
      return `${address} ist keine Adresse dieses Computers. Wählen Sie eine, die er hat.`;
    case "not-allowed":
      return `Dieses Konto darf den Port ${port} nicht verwenden. Wählen Sie einen ab 1024.`;
  }
}

function unsupportedSchema({
  place,
  keyword,
  problem,
}: Extract<Failure, { code: "unsupported-schema" }>): string {
  const at = place === "#" ? "" : ` bei „${place}“`;
  switch (problem) {
    case "keyword":
      return `Antworten lassen sich nicht an „${keyword}“${at} binden. Entfernen Sie es aus dem Schema und prüfen Sie es in den fertigen Antworten.`;
    case "value":
      return `„${keyword}“${at} hat einen Wert, den JSON Schema nicht zulässt. Korrigieren Sie das Schema.`;
    case "reference":
      return `„${keyword}“${at} verweist auf etwas, das nicht in diesem Schema steht. Nehmen Sie es in „$defs“ auf.`;
    case "recursion":
      return `Das Schema${at} verweist nur auf sich selbst. Korrigieren Sie den Verweis.`;
    case "overlap":
      return `Ein Wert könnte mehrere Schemas von „oneOf“${at} erfüllen. Verwenden Sie „anyOf“ oder unterscheiden Sie sie durch eine Pflichteigenschaft.`;
    case "pattern":
      return `An den regulären Ausdruck${at} lassen sich Antworten nicht binden (er blickt voraus oder zurück, verweist auf eine Gruppe oder ist ungültig). Schreiben Sie ihn ohne das.`;
    case "too-large":
      return `„${keyword}“${at} ist zu groß. Vereinfachen Sie das Schema.`;
    case "nothing":
      return `Keine Antwort kann „${keyword}“${at} erfüllen. Korrigieren Sie, was sich widerspricht oder nie endet.`;
  }
}

/** What even a single unit does not reach. */
function outOfReachText({ goal, unit, wanted, least }: Extract<Failure, { code: "out-of-reach" }>): string {
  const rest = `Mit einem einzigen ${unit === "block" ? "Block" : "Halbblock"}`;
  switch (goal) {
    case "memory":
      return `${bytesText(wanted)} Arbeitsspeicher sind nicht erreichbar. ${rest} braucht der Chat noch etwa ${bytesText(least)}. Wählen Sie mehr oder ein kleineres Modell.`;
    case "speed":
      return `Antworten können nicht ${numberText(wanted, 1)}-mal so schnell werden. ${rest} sind sie etwa ${numberText(least, 1)}-mal so schnell. Wählen Sie weniger.`;
    case "tokens-per-second":
      return `${speedText(wanted)} sind auf diesem Computer nicht erreichbar. ${rest} schafft der Chat etwa ${speedText(least)}. Wählen Sie weniger oder ein kleineres Modell.`;
  }
}
