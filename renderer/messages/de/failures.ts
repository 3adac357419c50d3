import type { Failure } from "../../../native-models/failure.ts";
import type { Messages } from "../en.ts";
import { bytesText, listText, numberText } from "../figures.ts";

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
    retry: "Noch einmal versuchen",
    report: "Bericht speichern…",
  },
};

function title(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
    case "missing-tensors":
    case "not-finite":
      return "Diese Datei ist beschädigt.";
    case "not-found":
      return "Das gibt es dort nicht.";
    case "unreadable":
      return "Diese Datei lässt sich nicht lesen.";
    case "unwritable":
      return "In diesen Ordner lässt sich nicht schreiben.";
    case "unsupported-format":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-tokenizer":
      return "Diese Art von Modell oder Datei wird nicht unterstützt.";
    case "bad-data":
      return "Diese Daten lassen sich nicht verwenden.";
    case "too-little-data":
      return "Das sind zu wenige Daten.";
    case "template-failed":
      return "Die Gesprächsvorlage des Modells lässt sich nicht verwenden.";
    case "context-full":
      return "Das Gespräch ist voll.";
    case "weight-too-large":
      return "Dieses Modell ist zu groß.";
    case "not-enough-memory":
      return "Der Arbeitsspeicher reicht nicht.";
    case "not-enough-disk":
    case "disk-full":
      return "Der Platz auf der Platte reicht nicht.";
    case "home-in-use":
      return "Ein anderes Coppice läuft.";
    case "run-in-use":
      return "Ein früheres Training arbeitet noch.";
    case "newer-database":
      return "Diese Läufe hat ein neueres Coppice geschrieben.";
    case "unknown-run":
      return "Diesen Lauf gibt es nicht mehr.";
    case "model-changed":
      return "Die Datei des Modells hat sich geändert.";
    case "bad-choice":
      return "Diese Wahl lässt sich nicht verwenden.";
    case "update-refused":
      return "Dieser Aktualisierung ist nicht zu trauen.";
    case "update-unreachable":
      return "Über Aktualisierungen kam keine Auskunft.";
    case "engine-stopped":
      return "Das Rechenwerk ist stehen geblieben.";
    case "message-too-large":
      return "Dieser Text ist zu lang.";
    case "diverged":
      return "Das Training ist aus dem Ruder gelaufen.";
    case "cancelled":
      return "Es wurde abgebrochen.";
    case "internal":
      return "Etwas Unerwartetes ist schiefgegangen.";
    default:
      return failure satisfies never;
  }
}

/** Reasons come from files and the system and stay in English. */
function sentence(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
      return `${failure.path} ist beschädigt (${failure.section}: ${failure.reason}); holen Sie eine frische Kopie.`;
    case "not-found":
      return failure.path === ""
        ? `Das Gesuchte (${failure.what}) gibt es nicht; prüfen Sie den Namen.`
        : `Unter ${failure.path} gibt es nichts (${failure.what}); prüfen Sie den Namen.`;
    case "unreadable":
      return `${failure.path} lässt sich nicht lesen: ${failure.reason}.`;
    case "unwritable":
      return `${failure.path} lässt sich nicht schreiben: ${failure.reason}; wählen Sie einen anderen Ordner oder ändern Sie seine Rechte.`;
    case "unsupported-format":
      return `${failure.path} hat kein Format, das Coppice liest; es liest ${listText(failure.supported)}.`;
    case "unsupported-architecture":
      return `Modelle der Art „${failure.modelType}“ werden nicht unterstützt; unterstützt werden ${listText(failure.supported)}.`;
    case "unsupported-tensor-type":
      return `Das Gewicht „${failure.tensor}“ in ${failure.path} ist als ${failure.type} gespeichert, was Coppice nicht liest; nehmen Sie eine Datei mit ${listText(failure.supported)}.`;
    case "unsupported-tokenizer":
      return `Der Tokenizer des Modells ist von der Art „${failure.kind}“, die nicht unterstützt wird; unterstützt werden ${listText(failure.supported)}.`;
    case "missing-tensors":
      return `In ${failure.path} fehlen ${numberText(failure.tensors.length)} Gewichte, die ein Modell dieser Art braucht (zuerst ${failure.tensors[0] ?? "unbekannt"}); holen Sie eine vollständige Kopie.`;
    case "not-finite":
      return `Das Gewicht „${failure.tensor}“ in ${failure.path} enthält Werte, die keine Zahlen sind; holen Sie eine frische Kopie.`;
    case "weight-too-large":
      return `Das Gewicht „${failure.tensor}“ in ${failure.path} braucht ${bytesText(failure.bytes)} Speicher, eines allein darf ${bytesText(failure.limitBytes)} haben; wählen Sie ein Modell mit kleinerem Vokabular oder kleinerer Breite.`;
    case "bad-data":
      return failure.line === undefined
        ? `${failure.path} lässt sich nicht als Daten verwenden: ${failure.reason}.`
        : `Zeile ${failure.line} von ${failure.path} lässt sich nicht verwenden: ${failure.reason}; berichtigen oder entfernen Sie die Zeile.`;
    case "too-little-data":
      return `Es sind ${numberText(failure.rows)} (${failure.what}), und mindestens ${numberText(failure.needed)} werden gebraucht; nehmen Sie mehr dazu.`;
    case "template-failed":
      return `Die Gesprächsvorlage ist fehlerhaft (${failure.reason}); einfache Eingaben gehen trotzdem.`;
    case "context-full":
      return `Dieser Text hat ${numberText(failure.tokens)} Token, und das Modell nimmt ${numberText(failure.limit)}; kürzen Sie ihn oder beginnen Sie ein neues Gespräch.`;
    case "not-enough-memory":
      return `Dafür werden etwa ${bytesText(failure.neededBytes)} Arbeitsspeicher gebraucht, und ${bytesText(failure.freeBytes)} sind frei; schließen Sie andere Programme oder wählen Sie ein kleineres Modell oder kürzere Texte.`;
    case "not-enough-disk":
      return `Dafür werden etwa ${bytesText(failure.neededBytes)} unter ${failure.path} gebraucht, und ${bytesText(failure.freeBytes)} sind frei; schaffen Sie Platz oder wählen Sie einen anderen Ordner.`;
    case "disk-full":
      return `Die Platte ist voll${failure.path ? ` (${failure.path})` : ""}; schaffen Sie Platz und fahren Sie fort. Was schon gespeichert war, ist sicher.`;
    case "home-in-use":
      return `Ein anderes Coppice${failure.processId === undefined ? "" : ` (Prozess ${failure.processId})`} benutzt ${failure.path}; schließen Sie es zuerst.`;
    case "run-in-use":
      return `Ein früheres Training${failure.processId === undefined ? "" : ` (Prozess ${failure.processId})`} arbeitet noch in ${failure.path}; warten Sie, bis es zu Ende ist, und versuchen Sie es dann noch einmal.`;
    case "newer-database":
      return `${failure.path} hat ein neueres Coppice geschrieben (Fassung ${failure.found}; dieses kennt ${failure.supported}); nehmen Sie das neuere.`;
    case "unknown-run":
      return `Den Lauf „${failure.run}“ gibt es nicht mehr; die Bibliothek zeigt alle, die es gibt.`;
    case "model-changed":
      return `${failure.path} ist nicht mehr die Datei, mit der der Lauf begann; legen Sie die alte zurück oder beginnen Sie einen neuen Lauf.`;
    case "bad-choice":
      return `${failure.option} lässt sich nicht verwenden: ${failure.reason}.`;
    case "update-refused":
      return `Die Aktualisierung unter ${failure.address} wurde abgelehnt: ${refusals[failure.reason]}. Installiert wurde nichts, diese Fassung bleibt, wie sie ist.`;
    case "update-unreachable":
      return `${failure.address} gab keine Aktualisierung her: ${failure.reason}. Versuchen Sie es später noch einmal; diese Fassung arbeitet weiter.`;
    case "engine-stopped":
      return `Das Rechenwerk (${failure.kind}) ist stehen geblieben: ${failure.reason}. Was gespeichert war, ist sicher.`;
    case "message-too-large":
      return `${failure.what} ist mit ${bytesText(failure.bytes)} größer als erlaubt (${bytesText(failure.limitBytes)}); nehmen Sie einen kürzeren Text.`;
    case "diverged":
      return `In Schritt ${numberText(failure.step)} hat das Training den Zahlenbereich verlassen; wählen Sie eine kleinere Lernrate.`;
    case "cancelled":
      return "Es wurde vor dem Ende abgebrochen.";
    case "internal":
      return `In Coppice ist etwas Unerwartetes geschehen (${failure.message}); bitte melden Sie es.`;
    default:
      return failure satisfies never;
  }
}

const refusals: Record<Extract<Failure, { code: "update-refused" }>["reason"], string> = {
  unsigned: "Sie trägt keine Unterschrift",
  "wrong-signature": "Ihre Unterschrift stammt nicht von denen, die dieses Paket gemacht haben",
  malformed: "Was dort unterschrieben ist, beschreibt keine Aktualisierung",
  "wrong-file": "Die Datei ist nicht die, die unterschrieben wurde",
};
