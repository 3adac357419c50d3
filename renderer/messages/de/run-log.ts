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

  "Round {}: dropped {} {} by {}.": "Runde {}: {} {} entfernt ({}).",
  "Round {}: dropped {} {} by {}, which had no right answers to count: the likelihood of the answers decided.":
    "Runde {}: {} {} entfernt ({}). Es gab keine richtigen Antworten zu zählen, deshalb entschied ihre Wahrscheinlichkeit.",
  block: "Block",
  sublayer: "Halbblock",

  "Two chat models do not fit into memory at once, so the one with {} was timed alone. Other programs may distort how its speed compares with the original's.":
    "Zwei Chat-Modelle passen nicht zugleich in den Arbeitsspeicher; darum wurde das Tempo des Modells mit {} allein gemessen. Andere Programme können den Vergleich mit dem Original verzerren.",
  "{} block": "{} Block",
  "{} blocks": "{} Blöcken",
};
