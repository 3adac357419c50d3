import { describe, expect, test } from "vitest";
import { findPersonal } from "../../../../main/documents/personal/find-personal.ts";

/** "kind text" of each place. */
function found(...texts: string[]): string[] {
  return findPersonal(texts).flatMap((places, i) =>
    places.map(({ kind, start, end }) => `${kind} ${texts[i]!.slice(start, end)}`),
  );
}

describe("Numbers", () => {
  test.each([
    ["write to anna.weber@example.org.", "email anna.weber@example.org"],
    ["jan (at) example.org", "email jan (at) example.org"],
    ["Tel. 030/123 45 67", "phone 030/123 45 67"],
    ["+49 (0)171 2345678 (mobil)", "phone +49 (0)171 2345678"],
    ["Please call (212) 555-0143.", "phone (212) 555-0143"],
    ["on 020 7946 0958 or later", "phone 020 7946 0958"],
    ["IBAN: DE89 3704 0044 0532 0130 00", "account DE89 3704 0044 0532 0130 00"],
    ["überwiesen auf DE89370400440532013000.", "account DE89370400440532013000"],
    ["DE89-3704-0044-0532-0130-00", "account DE89-3704-0044-0532-0130-00"],
    ["GB82WEST12345698765432", "account GB82WEST12345698765432"],
    ["card 4111 1111 1111 1111 expires", "account 4111 1111 1111 1111"],
    ["Konto-Nr. 1234567", "account 1234567"],
    ["BLZ 370 400 44", "account 370 400 44"],
    ["routing number 021000021", "account 021000021"],
    ["versichert: A123456780", "insurance A123456780"],
    ["Rentenversicherungsnummer 15 070649 C 103", "insurance 15 070649 C 103"],
    ["his SSN is 536-22-1234", "insurance 536-22-1234"],
    ["NI number JK 12 34 56 C", "insurance JK 12 34 56 C"],
    ["NHS number 943 476 5919", "insurance 943 476 5919"],
    ["KV-Nr.: M 987 654 321", "insurance M 987 654 321"],
    ["Patientin, 1237 010180, aus Linz", "insurance 1237 010180"],
    ["Versicherte: 756.9217.0769.85", "insurance 756.9217.0769.85"],
    ["AHV-Nr. 756.9217.0769.84", "insurance 756.9217.0769.84"],
    ["Boise 83702 (208) 555-0143", "phone (208) 555-0143"],
    ["PLZ: 12345\nOrt: Husum", "address 12345"],
    ["ZIP code 83702-1234", "address 83702-1234"],
    ["policy number HP-1234567", "insurance HP-1234567"],
    ["Versicherungsschein-Nr.: 4711 2345", "insurance 4711 2345"],
    ["Krankenversichertennummer 1234567", "insurance 1234567"],
    ["Haftpflichtversicherungsvertrag Nr. 1234567", "insurance 1234567"],
    ["Police: HP-1234567", "insurance HP-1234567"],
    ["Konto 1234567 EUR 50", "account 1234567"],
    ["Es ging ein Anruf von 0171 2345678 ein", "phone 0171 2345678"],
    ["Tel. 04841/2024", "phone 04841/2024"],
    ["Steuer-ID 86 095 742 719", "tax 86 095 742 719"],
    ["Steuernummer: 21/815/08150", "tax 21/815/08150"],
    ["USt-IdNr. DE136695976", "tax DE136695976"],
    ["EIN: 12-3456789", "tax 12-3456789"],
    ["ATU12345675, CH", "tax ATU12345675"],
    ["CHE-123.456.788 MWST", "tax CHE-123.456.788"],
    ["Postkonto 80-12345-6", "account 80-12345-6"],
    ["BLZ 12000", "account 12000"],
    ["mobil 06641234567", "phone 06641234567"],
    ["oder 0791234567", "phone 0791234567"],
    ["geboren am 3. Feber 1975", "birth-date 3. Feber 1975"],
    ["geb. am 3. März 1970", "birth-date 3. März 1970"],
    ["DOB: 04/12/1961", "birth-date 04/12/1961"],
    ["Johanna (born March 4, 1950)", "birth-date March 4, 1950"],
    ["Lindenweg 3a, 12345 Bad Homburg", "address Lindenweg 3a, 12345 Bad Homburg"],
    ["Am Alten Markt 5\n18055 Rostock", "address Am Alten Markt 5\n18055 Rostock"],
    ["Karl-Marx-Straße 12 in", "address Karl-Marx-Straße 12"],
    ["Mariahilfer Straße 12/3/4, 1060 Wien", "address Mariahilfer Straße 12/3/4, 1060 Wien"],
    [
      "Landstraßer Hauptstraße 1, Stiege 2, Top 3, 1030 Wien",
      "address Landstraßer Hauptstraße 1, Stiege 2, Top 3, 1030 Wien",
    ],
    ["Lindenweg 3, 2. OG, 12345 Husum", "address Lindenweg 3, 2. OG, 12345 Husum"],
    ["wohnhaft in 1010 Wien", "address 1010 Wien"],
    ["12 Mill Lane, Leeds LS1 4AP", "address 12 Mill Lane, Leeds LS1 4AP"],
    ["4 N. Lake Blvd, Apt 3, Tulsa, OK 74103", "address 4 N. Lake Blvd, Apt 3, Tulsa, OK 74103"],
    ["PO Box 1234", "address PO Box 1234"],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test("two in a row, and in a column whose head has a number or is beside a year", () => {
    expect(found("Fax (208) 555-0143 (208) 555-0199")).toEqual([
      "phone (208) 555-0143",
      "phone (208) 555-0199",
    ]);
    const contacts = "Surname | Home Phone | Home Phone 2 | PLZ\nZorbo | 04841 1234 | 123456 | 25813";
    expect(found(contacts)).toEqual([...["name Zorbo", "phone 04841 1234", "phone 123456", "address 25813"]]);
    expect(found("Surname | 2023 | 2024\nZorbo | 5 | 7\nQuast | 3 | 1")).toEqual([
      "name Zorbo",
      "name Quast",
    ]);
  });

  test("of whoever pays and is paid, in a bank's statement", () => {
    for (const head of [
      "Auftraggeber/Empfänger",
      "Beguenstigter/Zahlungspflichtiger",
      "Zahlungsempfänger*in",
    ])
      expect(
        found(`Buchung | ${head} | Betrag\nMai | Zorbo, Thekla | 5,00\nMai | Quast Bau GmbH | 7,00`),
      ).toEqual(["name Zorbo, Thekla"]);
  });

  test.each([
    "Patients 12 | 5 | 2023\nZorbo | 3 | 4",
    "Am 12.03.2021 wurden 3.500 Stück geliefert.",
    "ISBN 978-3-16-148410-0, 2. Auflage 2019",
    "DE89 3704 0044 0532 0130 01", // wrong check digits, and no label
    "4111 1111 1111 1112",
    "A123456781",
    "1237 010181, 1237 320180, 756.9217.0769.84",
    "version 10.12.3, build 20240131",
    "p = 0.0123 (95% CI 0.45-0.99), n = 12345",
    "Kapitel 3 Weg 5 Prozent", // a noun and a number
    "Patients aged 18 to 65 received 500 mg twice daily for 12 weeks.",
    "In 2019 24567 Patienten wurden behandelt.",
    "order 45-1234567 was shipped",
    "@home, @ 5, user@localhost",
    "Versicherungsvertrag vom 12.05.2019, Versicherungsbeginn 01.01.2020, Versicherungsschein vom 12.05.2019 AXA",
    "Die Befragung des Versicherten am 12.05.2019 dauerte lange.",
    "He called the police on 12/05/2019, and his policy of 2020-01-31 ended.",
    "Versicherungssumme: 500000 Euro, Versicherungsnummer: 500000 EUR",
    "Sie nahm ein Darlehen über 10 000 000 Euro auf, in a tin box of 12345678 pieces.",
    "Auf das Konto wurden 15000 Euro überwiesen, vom Konto 20000,50 €.",
    "GOP 03220 03230 32001, EBM 01732 01746",
    "Urkundenrolle Nr. 0815/2024, VIII ZR 0123/2018",
  ])("not in: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("Names", () => {
  test("are found in capitals and without their umlauts and accents", () => {
    const others = "QUASS, QUAẞ, Muellner, MÜLLNER, COSIC, YILMAZER, İNANOV ist da.";
    expect(
      found("Herr Quaß, Herr Müllner, Frau Ćosić, Frau Yılmazer und Herr İnanov kamen.", others),
    ).toEqual(
      [
        "Quaß",
        "Müllner",
        "Ćosić",
        "Yılmazer",
        "İnanov",
        "QUASS",
        "QUAẞ",
        "Muellner",
        "MÜLLNER",
        "COSIC",
        "YILMAZER",
        "İNANOV",
      ].map((name) => `name ${name}`),
    );
  });

  test.each([
    ["Herr Prof. Dr. med. Morgenrot kommt.", "Morgenrot"],
    ["Herr Dipl.-Ing. Morgenrot kommt.", "Morgenrot"],
    ["Dr. med. H.-J. von der Quast berichtet.", "H.-J. von der Quast"],
    ["Herr K.-Heinz Morgenrot kommt.", "K.-Heinz Morgenrot"],
    ["Dr.-Ing. Morgenrot kommt.", "Morgenrot"],
    ["Univ.-Prof. DDr. Morgenrot kommt.", "Morgenrot"],
    ["Hrn. Mag. Morgenrot", "Morgenrot"],
    ["Frau Mag.a Dr.in Morgenrot kommt.", "Morgenrot"],
    ["Frau DI Morgenrot kommt mit K.-H. aus Ulm.", "Morgenrot"],
    ["We met Mrs O'Rourke-Hill yesterday.", "O'Rourke-Hill"],
    ["Frau von der Heide", "von der Heide"],
    ["Sehr geehrter Herr Quast,", "Quast"],
    ["Dear Briony,\nthank you", "Briony"],
    ["Liebe Thekla,\nvielen Dank", "Thekla"],
    ["Mit freundlichen Grüßen\n\ni. A. T. Morgenrot\nVertrieb", "T. Morgenrot"],
    ["Kind regards,\nBriony Hargreaves, MD", "Briony Hargreaves"],
    ["Patientin: Morgenrot, Thekla", "Morgenrot, Thekla"],
    ["Patient: MORGENROT", "MORGENROT"],
    ["| Account holder | Briony Hargreaves |", "Briony Hargreaves"],
    ["Thekla Morgenrot, geboren in Husum", "Thekla Morgenrot"],
    ["signed by Briony Hargreaves on", "Briony Hargreaves"],
    ["Then Barbara Hargreaves spoke.", "Barbara Hargreaves"],
    ["Thekla Morgenrot\nLindenweg 3", "Thekla Morgenrot"],
    ["geborene Klingenberg", "Klingenberg"],
    ["Frau Thekla Morgenrot & Herr Quast kamen.", "Thekla Morgenrot"],
    ["Barbara Hargreaves & Peter Hargreaves came.", "Peter Hargreaves"],
  ])("%s", (text, name) => {
    expect(found(text)).toContain(`name ${name}`);
  });

  test.each(
    (
      "Richter Hartung Hornung Klement Weisheit Rosenblatt Sonnenschein Sonntag Freitag Kind Best Herz Alt Neu " +
      "Ward West Page Park Blankenship Pfleger Lessing Hartschaft Seltenreich Bodenwerk Winterzeit Mai Süd Church"
    ).split(" "),
  )("%s is a surname after a title, although it is a word or ends like one", (surname) => {
    for (const before of [
      "Sehr geehrte Frau ",
      "Gestern kam Herr ",
      "Then Mrs ",
      "Sehr geehrter Herr Prof. Dr. med. ",
    ])
      expect(found(`${before}${surname},\nkam.`)).toEqual([`name ${surname}`]);
  });

  test.each([
    ["Patientin: Richter", "Richter"],
    ["Patient: Hartung, Jörg, geb. 3.4.1960", "Hartung, Jörg"],
    ["Patient: Winterzeit\nAlter: 45", "Winterzeit"],
    ["Zeuge: Richter Jost Osterkamp", "Richter Jost Osterkamp"],
    ["Hausarzt: Doktor Osterkamp", "Osterkamp"],
    ["Name: Hornung, Barbara", "Hornung, Barbara"],
    ["Unterzeichnet hat Dr. med. Jörg Hartung dann", "Jörg Hartung"],
    ["Then Barbara Blankenship spoke.", "Barbara Blankenship"],
    ["Guten Tag Thekla Freitag,", "Thekla Freitag"],
    ["Frau Thekla Hornung, Husum", "Thekla Hornung"],
    ["Thekla Sonnenschein, geboren in Husum", "Thekla Sonnenschein"],
  ])("by a title, label, greeting or given name: %s", (text, name) => {
    expect(found(text)).toContain(`name ${name}`);
  });

  test.each([
    ["Name, Vorname: Zorbo, Thekla", "Zorbo, Thekla"],
    ["Nachname, Vorname: Zorbo, Thekla", "Zorbo, Thekla"],
    ["Name/Vorname: Zorbo, Thekla", "Zorbo, Thekla"],
    ["Name: Quast\nVorname: Thekla", "Quast"],
    ["Vorname: Thekla\nName: Quast", "Quast"],
    ["Nr. | Name | Vorname\n1 | Quast | Thekla\n2 | Osterkamp | Jost", "Osterkamp"],
    ["Ihren Patienten Müller, Anna, geb. 12.03.1970", "Müller, Anna"],
    ["über unsere Patientin Osterkamp, Levke, geb. am 12.03.1970", "Osterkamp, Levke"],
    ["Betr.: Richter, Sabine, geb. 12.03.1970", "Richter, Sabine"],
    ["Müller, Anna *12.03.1970", "Müller, Anna"],
    ["von der Heide, Levke (* 12.03.1970)", "von der Heide, Levke"],
    ["Aussage des Zeugen Jost Zorbo", "Jost Zorbo"],
    ["dem Patienten Jost Zorbo", "Jost Zorbo"],
    ["Der Patient Wendelin Quast klagte", "Wendelin Quast"],
    ["der Richter Wendelin Quast", "Wendelin Quast"],
    ["der Beklagten Thekla Quast", "Thekla Quast"],
    ["Antrag des Klägers Jost Quast", "Jost Quast"],
    ["den Mandanten Jost Quast", "Jost Quast"],
    ["im Haus des Nachbarn Jost Quast", "Jost Quast"],
    ["Patientenname: Thekla Quast", "Thekla Quast"],
    ["Versichertenname: Quast, Thekla", "Quast, Thekla"],
    ["Name, Vorname des Versicherten: Quast-Hiller, Thekla", "Quast-Hiller, Thekla"],
    ["Vor- und Nachname: Thekla Quast", "Thekla Quast"],
    ["Der Antrag wird abgelehnt.\n\ngez. Morgenrot, Richterin am Amtsgericht", "Morgenrot"],
    ["Anlage\ni. V. Morgenrot", "Morgenrot"],
    ["Name der Zeugin: Thekla Quast", "Thekla Quast"],
    ["wir sprachen gestern mit Frau\nZorbo darüber.", "Zorbo"],
    ["z. H.\nHerrn\nJost Osterkamp\nEinkauf", "Jost Osterkamp"],
  ])("in the usual forms of German papers: %s", (text, name) => {
    expect(found(text)).toContain(`name ${name}`);
  });

  test("that are evident once are found everywhere in the document", () => {
    expect(found("Frau Thekla Morgenrot kam. Morgenrot ging, Theklas Hut blieb.", "T. Morgenrot")).toEqual([
      "name Thekla Morgenrot",
      "name Morgenrot",
      "name T. Morgenrot",
    ]);
    expect(found("Morgenrot")).toEqual([]);
  });

  test("that are everyday words are found again only beside a given name", () => {
    const text =
      "Frau Thekla Sonntag, Hamburg, und Herr Hartung kamen. Am Sonntag ging Thekla Sonntag mit Hartung.";
    expect(found(text)).toEqual(
      ["Thekla Sonntag", "Hartung", "Thekla Sonntag", "Hartung"].map((name) => `name ${name}`),
    );
  });

  test.each([
    "Morbus Parkinson und Crohn's disease, Hodgkin lymphoma, Alzheimer's",
    "Marie Tooth Disease, Charles Bonnet Syndrome, Louis Bar syndrome",
    "Guillain-Barré syndrome, Kaplan-Meier analysis, Mann-Whitney test",
    "Die Gesellschaft mit beschränkter Haftung haftet nach dem Bürgerlichen Gesetzbuch.",
    "Allgemeine Geschäftsbedingungen\n\nZusammenfassung der Ergebnisse",
    "Dear Sir or Madam,\nSehr geehrte Damen und Herren,\nDear Customer,",
    "Kind regards\nCustomer Service Team",
    "Patient: Zustand nach Operation",
    "Peter Schmidt GmbH, Robert Koch Institut, Johns Hopkins Hospital, St. Martin Church",
    "Raymond James Financial and Martin Marietta Materials; Financial Services, Building Materials",
    "Name of Borrower: Free Form Text Field. A Field is empty.",
    "Ibuprofen, Metoprolol, Coumadin and Tylenol were given in January.",
    "Dr. Oetker GmbH",
    "Contact: Customer Support",
    "MS Society, the RA Patients Group",
    "Jede Frau und jeder Herr im Haus.",
    "Name: Aspirin",
    "Sehr geehrter Herr Professor, sehr geehrte Frau Kollegin, Herr Staatsanwalt, Frau Richterin, Herr Präsident",
    "Eine Frau Behandlung anbieten, bis Dr. Mai 2020, Termin beim Hausarzt Montag um 8 Uhr, vom Notar Beglaubigung",
    "Patient: Entlassung nach Hause\nKind: Entwicklung, altersgerecht",
    "Anrede: Frau\nBeruf: Lehrerin\nGröße: 170",
    "Patient | Behandlung | Datum\nA12 | Beobachtung | 3.4.2020",
    "Name: Private Haftpflichtversicherung\nAn: Zentrale Buchhaltung",
    "The Patient Safety Initiative, the Nurse Practitioner Program, patients Crohn and Colitis",
    "Please ask Dr. May 2020, see Ms Page 12.",
    "Dear Management,\nHallo Versicherung,",
  ])("not in: %s", (text) => {
    expect(found(text).filter((one) => one.startsWith("name"))).toEqual([]);
  });
});

test("A whole name that was evident once is found whole again, though its given name is nobody's that is known", () => {
  expect(found("Sehr geehrte Frau Thekla Morgenrot,", "Heute kam Thekla Morgenrot. Thekla ging.")).toEqual([
    "name Thekla Morgenrot",
    "name Thekla Morgenrot",
    "name Thekla",
  ]);
});

describe("Decomposed letters", () => {
  test.each([
    ["Frau Müller, geb. 12. März 1970", ["name Müller", "birth-date 12. März 1970"]],
    ["Anschrift: Gärtnergäßchen 5, 80331 München", ["address Gärtnergäßchen 5, 80331 München"]],
    ["| Name | Prüfer |\n| Jürgen Müller | 1 |\n| Zoë Öttl | 2 |", ["name Jürgen Müller", "name Zoë Öttl"]],
  ])("say the same as composed ones: %s", (text, expected) => {
    expect(found(text)).toEqual(expected);
    expect(found(text.normalize("NFD"))).toEqual(expected.map((one) => one.normalize("NFD")));
  });

  test("with more marks than any letter has, or on nothing, keep places where they are", () => {
    const marks = "\u0323\u0301".repeat(1000);
    for (const before of [marks, `a${marks} `, "\u{1d15e}\u0301\u0958\u0301 ", "\u0344".repeat(3)])
      expect(found(`${before}Frau Mu\u0308ller kam.`)).toEqual(["name Mu\u0308ller"]);
  });
});

describe("Other characters that look the same, and characters that nobody sees,", () => {
  test.each([
    ["name", "Frau Müller-Lüdenscheidt kam.", "Müller-Lüdenscheidt"],
    ["birth-date", "geb. am 12. März 1970", "12. März 1970"],
    ["birth-date", "Geburtsdatum: 12. 03. 1970", "12. 03. 1970"],
    ["phone", "Tel. 0171-234 56 78", "0171-234 56 78"],
    ["account", "auf DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"],
    ["address", "Lindenweg 3a, 12345 Bad Homburg", "Lindenweg 3a, 12345 Bad Homburg"],
    ["email", "an anna.weber@example.org", "anna.weber@example.org"],
  ])("are read as usual ones in a %s: %s", (kind, text, place) => {
    for (const written of [
      (usual: string) => usual.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011"),
      (usual: string) => usual.replaceAll(" ", "\u2009").replaceAll("-", "\u2010"),
      (usual: string) => usual.replace(/(?<=\S)(?=\S)/g, "\u00ad"),
      (usual: string) => usual.replace(/(?<=\S)(?=\S)/g, "\u200b"),
    ])
      expect(found(written(text))).toEqual([`${kind} ${written(place)}`]);
  });
});
