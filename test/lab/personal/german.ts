/** German letters, medical reports, contracts and bank forms, with everything that is personal in them marked. */
import { marked } from "./marked-text.ts";
import {
  card,
  digits,
  grouped,
  healthInsurance,
  iban,
  pensionInsurance,
  taxId,
  vatNumber,
} from "./numbers.ts";
import { full, initialled, last, name, reversed } from "./world.ts";
import type { Person, World } from "./world.ts";

const MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(
  " ",
);
const two = (value: number) => String(value).padStart(2, "0");

function date(world: World, from = 2018, to = 2025): string {
  const [day, month, year] = world.date(from, to);
  return world.pick([
    `${two(day)}.${two(month)}.${year}`,
    `${day}.${month}.${year}`,
    `${day}. ${MONTHS[month - 1]} ${year}`,
  ]);
}
const birth = (world: World) => marked("birth-date", date(world, 1931, 2012));
const mr = ({ isFemale }: Person) => (isFemale ? "Frau" : "Herr");
const mrObject = ({ isFemale }: Person) => (isFemale ? "Frau" : "Herrn");
const dear = (person: Person) => (person.isFemale ? "Sehr geehrte Frau" : "Sehr geehrter Herr");
const doctor = (world: World) => world.pick(["Dr.", "Dr. med.", "Prof. Dr. med.", "PD Dr."]);
const account = (world: World) =>
  marked("account", world.pick([(n: string) => n, (n: string) => grouped(n, 4)])(iban(world.random, "DE")));

function letter(world: World): string {
  const [sender, to, colleague] = [world.german(), world.german(), world.german()];
  const [invoice, amount] = [
    `RE-2023-${digits(world.random, 5)}`,
    `${1 + world.random.integer(900)},${two(world.random.integer(100))} €`,
  ];
  return `${full(sender)}
${world.germanAddress()}
Telefon: ${world.germanPhone()}
E-Mail: ${world.email(sender)}

${world.maybe() ? `${mrObject(to)}\n` : ""}${full(to)}
${world.germanAddress()}

${world.pick(["Husum", "Leipzig", "Kassel"])}, den ${date(world)}

Betreff: Rechnung ${invoice} vom ${date(world)}

${dear(to)} ${last(to)},

vielen Dank für Ihr Schreiben vom ${date(world)}. Die Rechnung über ${amount} haben wir geprüft. ${mr(colleague)} ${last(colleague)} aus der Buchhaltung hat den Vorgang übernommen und meldet sich bis Freitag bei Ihnen.
Bitte überweisen Sie den Betrag auf das Konto ${account(world)} bei der Sparkasse. ${world.maybe() ? `Rückfragen richten Sie bitte an ${mrObject(colleague)} ${full(colleague)} (Tel. ${world.germanPhone()}, ${world.email(colleague)}).` : `Sie erreichen ${last(colleague)} unter ${world.germanPhone()}.`}
Die Lieferung umfasst 12 Kartons zu je 24 Stück; die Artikelnummer lautet 4711-${digits(world.random, 4)}.

Mit freundlichen Grüßen

${world.pick([full(sender), initialled(sender)])}
${world.pick(["Geschäftsführung", "Leiterin Einkauf", "Vertrieb Nord"])}`;
}

function report(world: World): string {
  const [patient, physician, second] = [world.german(), world.german(), world.german()];
  const who = patient.isFemale ? "Die Patientin" : "Der Patient";
  return `Entlassungsbericht

${world.pick(["Patient", "Patientin", "Name"])}: ${world.pick([reversed, full])(patient)}
Geburtsdatum: ${birth(world)}
Anschrift: ${world.germanAddress(", ")}
Versichertennummer: ${marked("insurance", healthInsurance(world.random))}
Hausarzt: ${doctor(world)} ${full(physician)}

Diagnosen: Morbus Parkinson, arterielle Hypertonie, Hashimoto-Thyreoiditis, Zustand nach Billroth-II-Operation.

${world.pick(["Anamnese", "Verlauf"])}: Wir berichten über ${mrObject(patient)} ${last(patient)}, geb. ${birth(world)}, ${patient.isFemale ? "die" : "der"} sich vom ${date(world)} bis ${date(world)} in unserer stationären Behandlung befand. ${who} klagte über Schmerzen im linken Knie seit Januar. ${mr(patient)} ${last(patient)} nimmt Metoprolol 47,5 mg und Ramipril 5 mg ein. Der Babinski-Reflex war negativ, der Barthel-Index betrug 85 Punkte. Nach Rücksprache mit ${doctor(world)} ${last(second)} wurde Ibuprofen abgesetzt. Das Labor zeigte Hb 13,2 g/dl und CRP 4,1 mg/l.

Procedere: ${mr(patient)} ${full(patient)} stellt sich am ${date(world)} in der Ambulanz vor. ${world.maybe() ? `Die Tochter, ${mr({ ...second, isFemale: true })} ${full(second)}, ist unter ${world.germanPhone()} zu erreichen.` : `Rückfragen: ${world.germanPhone()}.`}

Mit kollegialen Grüßen

${doctor(world)} ${full(second)}
${world.pick(["Oberärztin", "Chefarzt der Inneren Medizin"])}`;
}

function contract(world: World): string {
  const [landlord, tenant, witness] = [world.german(), world.german(), world.german()];
  return `Mietvertrag

Zwischen ${world.pick([`${mrObject(landlord)} ${full(landlord)}`, full(landlord)])}, wohnhaft ${world.germanAddress(", ")} (nachfolgend Vermieter)
und
${mrObject(tenant)} ${full(tenant)}, geboren am ${birth(world)}, wohnhaft in der ${world.germanAddress(", ")} (nachfolgend Mieter)
wird folgender Vertrag geschlossen.

§ 1 Mietsache
Vermietet wird die Wohnung im zweiten Obergeschoss mit 3 Zimmern und 78,5 m² Wohnfläche. Die Übergabe erfolgt am ${date(world)}.

§ 2 Miete
Die Miete beträgt 940,00 Euro und ist bis zum dritten Werktag des Monats auf das Konto des Vermieters zu zahlen: IBAN ${account(world)}. Kontoinhaber: ${full(landlord)}.

§ 3 Sonstiges
${world.pick([`Herr ${last(landlord)} und ${mr(tenant)} ${last(tenant)} vereinbaren eine Kündigungsfrist von drei Monaten.`, `Die Steuer-ID des Vermieters lautet ${marked("tax", world.pick([(n: string) => n, (n: string) => grouped(n, 2, 3)])(taxId(world.random)))}.`, `Der Vermieter wird vertreten durch ${full(witness)}.`])}
Änderungen bedürfen der Schriftform. Gerichtsstand ist Hannover.

Zeuge: ${full(witness)}, Telefon ${world.germanPhone()}

Ort, Datum: Celle, ${date(world)}

gez. ${initialled(landlord)}                    gez. ${initialled(tenant)}`;
}

function bankForm(world: World): string {
  const person = world.german();
  return `SEPA-Lastschriftmandat / Stammdaten

Vorname: ${name(person.given)}
Nachname: ${name(person.surname)}
Straße und Hausnummer: ${marked("address", world.germanStreet())}
PLZ, Ort: ${marked("address", world.germanTown())}
Geburtsdatum: ${birth(world)}
Telefon: ${world.germanPhone()}
Mobil: ${world.germanPhone()}
E-Mail: ${world.email(person)}
IBAN: ${account(world)}
BIC: NOLADE21${digits(world.random, 3)}
${world.pick(["Kontonummer", "Konto-Nr.", "Kto."])}: ${marked("account", digits(world.random, 8 + world.random.integer(3), 1))}
BLZ: ${marked("account", grouped(digits(world.random, 8, 1), 3, 3, 2))}
Steuer-Identifikationsnummer: ${marked("tax", taxId(world.random))}
Steuernummer: ${marked("tax", `${digits(world.random, 2, 1)}/${digits(world.random, 3)}/${digits(world.random, 5)}`)}
Rentenversicherungsnummer: ${marked("insurance", world.pick([(n: string) => n, (n: string) => grouped(n, 2, 6, 1, 3)])(pensionInsurance(world.random)))}
Kartennummer: ${marked("account", grouped(card(world.random), 4))}

Ich ermächtige die ${world.company()}, Zahlungen einzuziehen. Mandatsreferenz M-${digits(world.random, 6)}, Kundennummer K ${digits(world.random, 4)}. Der Betrag von 49,90 € wird zum Monatsanfang fällig.

Kontoinhaber: ${reversed(person)}
Datum: ${date(world)}
Unterschrift: ${initialled(person)}`;
}

function mail(world: World): string {
  const [from, to, third] = [world.german(), world.german(), world.german()];
  return `Von: ${full(from)} <${world.email(from)}>
An: ${full(to)} <${world.email(to)}>
Betreff: Termin am ${date(world)}

${world.pick(["Liebe", "Hallo", "Lieber"])} ${name(to.given)},

das Treffen mit ${mrObject(third)} ${last(third)} verschiebt sich auf Mittwoch, ${date(world)}, um 14:30 Uhr. ${last(third)} bringt die Unterlagen der ${world.company()} mit. Die USt-IdNr. ist ${marked("tax", vatNumber(world.random))}. Kannst du ${name(third.given)} kurz anrufen (${world.germanPhone()})?
${third.isFemale ? "Frau" : "Herr"} ${full(third)} wohnt jetzt in der ${world.germanAddress(", ")}.

Viele Grüße
${world.pick([name(from.given), full(from)])}`;
}

function minutes(world: World): string {
  const people = Array.from({ length: 5 }, () => world.german());
  const [a, b, c, d, e] = people as [Person, Person, Person, Person, Person];
  return `Protokoll der Teamsitzung vom ${date(world)}

${world.pick(["Teilnehmer", "Anwesend", "Teilnehmende"])}: ${full(a)}, ${full(b)}${world.pick([", ", " und "])}${full(c)}
Entschuldigt: ${full(d)}
Protokoll: ${full(e)}

TOP 1: Umzug
${last(a)} berichtet vom Stand der Arbeiten. Der Mietvertrag läuft bis Ende Oktober. ${full(b)} klärt die Kosten mit der ${world.company()}. ${name(c.given)} holt bis Dienstag drei Angebote ein.

TOP 2: Verschiedenes
${last(d)} ist ab ${date(world)} im Urlaub, Vertretung übernimmt ${full(e)}. Der Schlüssel liegt bei ${mrObject(b)} ${last(b)}. Neue Adresse des Lagers: ${world.germanAddress(", ")}. Rückfragen an ${world.email(a)} oder ${world.germanPhone()}.
Der Kunde ${full(world.german())} wartet auf Antwort.`;
}

function roster(world: World): string {
  const rows = Array.from({ length: 4 }, (_, i) => {
    const person = world.german();
    const cells = [
      String(i + 1),
      world.pick([full, reversed])(person),
      birth(world),
      world.germanPhone(),
      account(world),
      `${100 + world.random.integer(900)},00 €`,
    ];
    return cells.join(" | ");
  });
  return `Mitgliederliste, Stand ${date(world)}

Nr. | Name | ${world.pick(["Geburtsdatum", "geb. am"])} | ${world.pick(["Telefon", "Mobil"])} | IBAN | Beitrag
${rows.join("\n")}

Die Beiträge werden zum Quartalsende eingezogen. Der Vorstand dankt allen Mitgliedern für die Mitarbeit.`;
}

function memo(world: World): string {
  const [a, b, c] = [world.german(), world.german(), world.german()];
  return `Aktennotiz vom ${date(world)}, Az. 12 C ${digits(world.random, 3)}/21

Heute rief ${full(a)} an und bat um Rückruf (${world.germanPhone()}). ${a.isFemale ? "Sie" : "Er"} sei am ${date(world)} von ${full(b)} auf den Vorfall angesprochen worden. ${last(b)} habe erklärt, die Unterlagen lägen bei der ${world.company()}.
Laut ${mrObject(c)} ${last(c)} wurde der Antrag unter der Steuernummer ${marked("tax", `${digits(world.random, 3, 1)}/${digits(world.random, 4)}/${digits(world.random, 4)}`)} eingereicht; ${mr(c)} ${last(c)}, wohnhaft ${world.germanAddress(", ")}, wurde am ${date(world, 1931, 2012)} informiert.
Das Aktenzeichen 4 O 1${digits(world.random, 2)}/20 bleibt offen. Wiedervorlage: ${date(world)}.
i. A. ${last(c)}`;
}

export const german: readonly ((world: World) => string)[] = [
  letter,
  report,
  contract,
  bankForm,
  mail,
  minutes,
  roster,
  memo,
];
