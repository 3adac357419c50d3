/**
 * German for what is wrong in a damaged file, and for the part of it that is meant: keys as in reasons.ts. A reason follows its part
 * ("Tensor „a“: überschneidet sich mit …"), so that what is said of the part needs no subject.
 */

/** Parts of files. The names of JSON keys and of metadata stay. */
export const SECTIONS = {
  "header length": "Länge des Kopfs",
  "metadata count": "Zahl der Metadaten",
  "metadata entry {}": "Eintrag {} der Metadaten",
  'metadata "{}"': "Metadaten „{}“",
  "metadata tokenizer.ggml.{}": "Metadaten „tokenizer.ggml.{}“",
  "stored prompt": "gespeicherte Vorgabe",
  "tensor count": "Zahl der Tensoren",
  "tensor list entry {}": "Eintrag {} der Tensorliste",
  'tensor "{}"': "Tensor „{}“",
  "the home's place": "Ort des Coppice-Ordners",
  beginning: "Anfang",
  checkpoint: "gespeicherte Werte",
  configuration: "Konfiguration",
  copy: "Kopie",
  data: "Daten",
  database: "Datenbank",
  description: "Beschreibung",
  files: "Dateien",
  graph: "Graph",
  header: "Kopf",
  index: "Index",
  journal: "Journal",
  magic: "Dateianfang",
  metadata: "Metadaten",
  model: "Modell",
  size: "Größe",
  teacher: "Ausgaben des Lehrermodells",
  version: "Version",
  vocabulary: "Vokabular",
  weights: "Gewichte",
};

/** What readers say whatever the format. */
const ANY = {
  '"{}" appears twice': "„{}“ kommt zweimal vor",
  "it cannot be read: {}": "nicht lesbar ({})",
  "it does not begin with {}": "beginnt nicht mit {}",
  "it ends in the middle of a number": "endet mitten in einer Zahl",
  "it has an unterminated number": "hat eine Zahl ohne Ende",
  "it has {} bytes": "hat {} Bytes",
  "it has {} bytes, above the limit": "hat {} Bytes, mehr als erlaubt sind",
  "it has {} entries": "hat {} Einträge",
  "it is empty": "leer",
  'it is only a pointer of Git LFS to the file, which "git lfs pull" fetches':
    "nur ein Verweis von Git LFS auf die Datei, die „git lfs pull“ holt",
  "it is not UTF-8": "kein UTF-8",
  "it is not a JSON object": "kein JSON-Objekt",
  "it is not a list": "keine Liste",
  "it is not a list of numbers": "keine Liste von Zahlen",
  "it is not a list of strings": "keine Liste von Texten",
  "it is not an object": "kein Objekt",
  "it is not valid JSON: {}": "kein gültiges JSON ({})",
  "it needs bytes {} to {}, but the file ends at {}":
    "braucht die Bytes {} bis {}, die Datei endet aber bei {}",
  "one of its parts is longer than the file": "ein Teil ist länger als die Datei",
  "a list": "eine Liste",
  "an object": "ein Objekt",
};

const JSON_TEXT = {
  "an object has more than {} keys": "ein Objekt hat mehr als {} Schlüssel",
  "expected a value at byte {}": "bei Byte {} fehlt ein Wert",
  "expected an integer at byte {}": "bei Byte {} fehlt eine ganze Zahl",
  "expected {} at byte {}": "bei Byte {} fehlt {}",
  "extra content at byte {}": "ab Byte {} steht noch etwas nach dem Ende",
  'the name "{}" appears twice': "der Name „{}“ kommt zweimal vor",
  "the string at byte {} is not closed": "der Text ab Byte {} ist nicht abgeschlossen",
  "the string before byte {} has an invalid escape": "der Text vor Byte {} hat eine ungültige Escape-Sequenz",
};

const TENSORS = {
  "[{}] of {} at {} is larger than any file": "[{}] in {} ab Byte {} ist größer als jede Datei",
  "[{}] of {} is larger than any file": "[{}] in {} ist größer als jede Datei",
  "[{}] of {} takes {} bytes, but has {}": "[{}] in {} braucht {} Bytes, vorhanden sind {}",
  "an earlier part has it too": "steht auch in einem früheren Teil",
  "group {} is none of its {}": "Gruppe {} gibt es unter seinen {} nicht",
  "it begins at {}, but what is before it ends at {}": "beginnt bei {}, davor endet aber alles bei {}",
  "it ends at byte {}, but the file ends at {}": "endet bei Byte {}, die Datei aber schon bei {}",
  "it ends at {}, before it begins at {}": "endet bei {}, beginnt aber erst bei {}",
  "it has the unknown type {}": "hat den unbekannten Typ {}",
  "it has too many dimensions": "hat zu viele Dimensionen",
  "it has {} dimensions, more than {}": "hat {} Dimensionen, erlaubt sind {}",
  "it has {} rows for {} tokens": "hat {} Zeilen für {} Token",
  "it has {} rows, but the configuration needs {}": "hat {} Zeilen, die Konfiguration braucht {}",
  "it is [{}], the configuration says [{}]": "hat die Form [{}], nach der Konfiguration [{}]",
  "it lacks its dtype, shape or data_offsets": "ohne dtype, shape oder data_offsets",
  "it names no tensor": "nennt keinen Tensor",
  'it overlaps tensor "{}"': "überschneidet sich mit Tensor „{}“",
  "its name appears twice": "der Name kommt zweimal vor",
  "its offset {} is not a multiple of {}": "beginnt bei {}, was kein Vielfaches von {} ist",
  "its rows of {} are not whole blocks of {}, as {} needs":
    "seine Zeilen von {} Werten sind keine ganzen Blöcke von {}, wie {} sie braucht",
  "its shape [{}] does not fit a weight of [{}]": "die Form [{}] passt nicht zu einem Gewicht von [{}]",
  "its tensors {} do not fit together": "die Tensoren {} passen nicht zusammen",
  "one of its dimensions is 0": "eine Dimension ist 0",
  'tensor "{}" is not in {}': "Tensor „{}“ steht nicht in {}",
  'tensor "{}" is said to be in "{}"': "Tensor „{}“ soll in „{}“ stehen",
  "the file does not have its zeros and scales": "der Datei fehlen die Nullpunkte und Skalen dazu",
  "{} bytes follow the last tensor": "nach dem letzten Tensor folgen noch {} Bytes",
};

const METADATA = {
  "it claims {} bytes, above the limit": "gibt {} Bytes an, mehr als erlaubt sind",
  "it claims {} {}, but at most {} fit": "gibt {} {} an, höchstens {} haben Platz",
  arrays: "Listen",
  booleans: "Wahrheitswerte",
  bytes: "Bytes",
  entries: "Einträge",
  numbers: "Zahlen",
  strings: "Texte",
  tensors: "Tensoren",
  "it does not name its architecture": "nennen keine Architektur",
  "it does not say that it is part {} of {}": "nennen die Datei nicht Teil {} von {}",
  "it has the boolean value {}": "hat den Wahrheitswert {}",
  "it has the unknown value type {}": "hat den unbekannten Werttyp {}",
  "it is not a power of two": "keine Zweierpotenz",
  "it is {}, but the parts have {} tensors": "nennt {} Tensoren, die Teile haben aber {}",
  "it is {}, where a number from {} to {} must be": "{} statt einer Zahl von {} bis {}",
  "it is {}, where a positive number must be": "{} statt einer positiven Zahl",
  "its arrays are nested more than {} deep": "die Listen sind mehr als {}-fach verschachtelt",
  'its name "{}" appears twice': "der Name „{}“ kommt zweimal vor",
  "its name has {} bytes, above the limit of {}": "der Name hat {} Bytes, erlaubt sind {}",
  "its name is empty": "der Name ist leer",
  "its name is not UTF-8": "der Name ist kein UTF-8",
  "the file ends within it, at {}": "die Datei endet mittendrin, bei Byte {}",
  "the file has more than {} arrays": "die Datei hat mehr als {} Listen",
  "the header is longer than {} bytes": "der Kopf ist länger als {} Bytes",
};

const CONFIGURATION = {
  '"{}" is wrong ({})': "„{}“ ist falsch ({})",
  "Invalid input: expected {}, received {}": "erwartet: {}; vorhanden: {}",
  "Invalid option: expected one of {}": "möglich: {}",
  "Too big: expected number to be {}": "zu groß; erlaubt: {}",
  "Too small: expected number to be {}": "zu klein; erlaubt: {}",
  "coppice_sections does not describe {} blocks": "coppice_sections beschreibt nicht {} Blöcke",
  "its rotation has no finite angles": "die Rotation hat keine endlichen Winkel",
  "its rotation of {} pairs needs as many positive divisors":
    "die Rotation von {} Paaren braucht ebenso viele positive Divisoren",
  'layer_types: "{}" is none of {}': "layer_types: „{}“ ist keine der Arten {}",
  "layer_types names {} blocks of {}": "layer_types nennt {} von {} Blöcken",
  '"{}" is no number': "„{}“ ist keine Zahl",
  '"{}" is no number of tokens': "„{}“ ist keine Zahl von Token",
  "no_rope_layers names {} blocks of {}": "no_rope_layers nennt {} von {} Blöcken",
  "partial_rotary_factor: {} is not a part of a head": "partial_rotary_factor: {} ist kein Teil eines Heads",
  "{} heads, {} key/value heads and a head width of {} do not fit together":
    "{} Heads, {} Key/Value-Heads und eine Head-Breite von {} passen nicht zusammen",
  "{} key heads do not divide {} value heads of linear attention":
    "{} Value-Heads der linearen Attention lassen sich nicht auf {} Key-Heads verteilen",
};

const TOKENIZER = {
  "a step has no type": "ein Schritt hat keinen Typ",
  "an entry has no content": "ein Eintrag hat keinen Inhalt",
  "an entry is not an object": "ein Eintrag ist kein Objekt",
  "entry {} is not a pair of pieces": "Eintrag {} ist kein Paar von Stücken",
  'entry {} needs "{}", which has no id': "Eintrag {} braucht „{}“, das keine ID hat",
  "it has {} entries for {} tokens": "hat {} Einträge für {} Token",
  "it is not in the vocabulary": "steht nicht im Vokabular",
  "there is no token {}": "ein Token {} gibt es nicht",
  "the embedding has {} rows for {} tokens": "die Einbettung hat {} Zeilen für {} Token",
  '"{}" and "{}" both have the id {}': "„{}“ und „{}“ haben beide die ID {}",
  '"{}" has no id': "„{}“ hat keine ID",
  '"{}" has the id {}': "„{}“ hat die ID {}",
  '"{}" has the id {}, which the vocabulary contradicts':
    "„{}“ hat die ID {}, was dem Vokabular widerspricht",
  '"{}" is no pair': "„{}“ ist kein Paar",
};

/** Of what Coppice itself wrote: chat models, what a run keeps, the folder of all of it. */
const OWN_FILES = {
  'a node uses the operators "{}"': "ein Knoten verwendet die Operatoren „{}“",
  "a tensor packs its field {}": "ein Tensor packt sein Feld {}",
  "a {} has a field of wire type {}": "in „{}“ steht ein Feld der Wire-Art {}",
  "a {} has a field {}, which Coppice never writes": "in „{}“ steht das Feld {}, das Coppice nie schreibt",
  'it requires the operators "{}"': "braucht die Operatoren „{}“",
  'the tensor "{}" {}': "der Tensor „{}“ {}",
  "has a negative dimension": "hat eine negative Dimension",
  'has an entry "{}"': "hat einen Eintrag „{}“",
  "has elements of type {}": "hat Elemente vom Typ {}",
  "has its data twice": "hat seine Daten zweimal",
  'has its data in "{}", not in {}': "hat seine Daten in „{}“ statt in {}",
  "has {} bytes, but its shape needs {}": "hat {} Bytes, seine Form braucht aber {}",
  "lacks the offset or length of its data": "nennt Anfang oder Länge seiner Daten nicht",
  "needs bytes up to {} of {}": "braucht die Bytes bis {} von {}",
  "it does not describe a chat model": "beschreibt kein Chat-Modell",
  'it gives more bits to "{}", which is no projection of this model':
    "gibt „{}“ mehr Bits, was keine Projektion dieses Modells ist",
  "it has no vectors of {} numbers": "hat keine Vektoren von {} Zahlen",
  "it is a link to a file outside the model's folder":
    "eine Verknüpfung mit einer Datei außerhalb des Modellordners",
  "it is a link to another file": "eine Verknüpfung mit einer anderen Datei",
  "it is no file": "keine Datei",
  "it is no list of tokens": "keine Liste von Token",
  "its files have {} bytes, but {} were written": "die Dateien haben {} Bytes, geschrieben wurden {}",
  "its size does not match the training rows": "die Größe passt nicht zu den Trainingszeilen",
  "its tokens are not the model's": "die Token sind nicht die des Modells",
  "{} has values that are not finite": "{} hat Werte, die nicht endlich sind",
  "{} is {} [{}], not f32 [{}]": "{} ist {} [{}] statt f32 [{}]",
  "database disk image is malformed": "der Inhalt ist beschädigt",
  "file is not a database": "keine Datenbank",
};

export const DAMAGED_FILES = {
  ...ANY,
  ...JSON_TEXT,
  ...TENSORS,
  ...METADATA,
  ...CONFIGURATION,
  ...TOKENIZER,
  ...OWN_FILES,
};
