/** German for what a run's log says in English: keys as in reasons.ts. */

export const RUN_LOG = {
  "An earlier trainer of this run is ending: waiting for it.":
    "Ein früherer Trainingsprozess dieses Laufs wird noch beendet; der Lauf wartet darauf.",
  "The graphics processor cannot be used ({}). This run is trained on the processor.":
    "Die Grafikkarte ist nicht verwendbar ({}). Dieser Lauf trainiert auf dem Prozessor.",
  "its results contain NaN": "ihre Ergebnisse enthalten NaN",
  "its results differ from the processor's by {}":
    "ihre Ergebnisse weichen um {} von denen des Prozessors ab",
  "no graphics card with a suitable driver was found":
    "keine Grafikkarte mit einem passenden Treiber gefunden",
  "plans that train all weights need another device":
    "Pläne, die alle Gewichte trainieren, brauchen ein anderes Gerät",
  "Weights cannot be multiplied in int8 ({}). This run stores them in ordinary 8 bits (q8).":
    "Gewichte lassen sich nicht in int8 multiplizieren ({}). Dieser Lauf speichert sie in gewöhnlichen 8 Bit (q8).",
  "this processor does not do it exactly": "dieser Prozessor rechnet dabei nicht exakt",
  "only processors do it": "das können nur Prozessoren",

  "{} Until {} there is time for {}% of its training.": "{} Bis {} ist Zeit für {} % seines Trainings.",
  "{} Until {} there is time for {}% of the training that is left.":
    "{} Bis {} ist Zeit für {} % des restlichen Trainings.",
  "{} It will be done later than {}, since too little time is left.":
    "{} Er wird später als {} fertig, weil zu wenig Zeit bleibt.",
  "The run had to wait.": "Der Lauf musste warten.",
  "The run was paused.": "Der Lauf war angehalten.",
  'There is time for {} of {} rows of "{}".': "Die Zeit reicht für {} von {} Zeilen („{}“).",

  "Trained from here on: {} parts in full, {} by adapters.":
    "Ab hier wird trainiert: {} Teile ganz, {} durch Adapter.",
  "The validation loss was lowest after epoch {}. Tuning continues from there.":
    "Der Validierungsverlust war nach Epoche {} am niedrigsten. Die Feinabstimmung geht von dort aus weiter.",
  "No training row has an answer of free text that could be rewritten.":
    "Keine Trainingszeile hat als Antwort freien Text, der sich umschreiben ließe.",
  "Of {} answers that the tuned model rewrote, {} are kept and {} equal the rows' own; {} say something else, {} do not end, {} repeat themselves, {} are empty.":
    "Antworten, die das feinabgestimmte Modell umgeschrieben hat: {}. Davon behalten: {}, gleich denen der Zeilen: {}, anderer Inhalt: {}, ohne Ende: {}, mit Wiederholungen: {}, leer: {}.",

  "Round {}: dropped {} {} by {}.": "Runde {}: {} {} entfernt ({}).",
  "Round {}: dropped {} {} by {}, which had no right answers to count: the likelihood of the answers decided.":
    "Runde {}: {} {} entfernt ({}). Es gab keine richtigen Antworten zu zählen, deshalb entschied ihre Wahrscheinlichkeit.",
  block: "Block",
  sublayer: "Halbblock",

  "No projection keeps more than 4 bits: none makes the rounded weights better.":
    "Keine Projektion behält mehr als 4 Bit: Keine macht die gerundeten Gewichte besser.",
  "No projection keeps more than 4 bits: no validation rows fit in the context, so nothing shows that it helps.":
    "Keine Projektion behält mehr als 4 Bit: Keine Validierungszeile passt in den Kontext, also zeigt nichts, dass es hilft.",
  "{} of {} keep 8 bits: {} nats on validation rows in chat, compared with {} in int4 only.":
    "Mit 8 Bit gespeichert: {} von {}; im Chat {} nats bei den Validierungszeilen, nur in int4 {}.",
  "{} of {} in 8 bits do not help, so all have 4: {} nats on validation rows in chat, compared with {} in int4 only.":
    "8 Bit für {} von {} helfen nicht, also haben alle 4: im Chat {} nats bei den Validierungszeilen, nur in int4 {}.",
  "{} projection": "{} Projektion",
  "{} projections": "{} Projektionen",
  "The recovery prompt is left out: no validation rows fit in the context with it, so nothing shows that it helps.":
    "Die gelernte Vorgabe entfällt: Keine Validierungszeile passt mit ihr in den Kontext, also zeigt nichts, dass sie hilft.",
  "The recovery prompt is kept: {} nats on validation rows in chat, without it {}.":
    "Die gelernte Vorgabe bleibt: im Chat {} nats bei den Validierungszeilen, ohne sie {}.",
  "The recovery prompt does not help and is left out: {} nats on validation rows in chat, without it {}.":
    "Die gelernte Vorgabe hilft nicht und entfällt: im Chat {} nats bei den Validierungszeilen, ohne sie {}.",
  "Two chat models do not fit into memory at once, so the one with {} was timed alone. Other programs may distort how its speed compares with the original's.":
    "Zwei Chat-Modelle passen nicht zugleich in den Arbeitsspeicher; darum wurde das Tempo des Modells mit {} allein gemessen. Andere Programme können den Vergleich mit dem Original verzerren.",
  "{} block": "{} Block",
  "{} blocks": "{} Blöcken",
};
