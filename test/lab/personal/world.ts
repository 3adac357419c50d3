/** The people, places and things of the generated texts. None of these lists is the detector's. */
import { Random } from "../../../native-models/random.ts";
import { marked } from "./marked-text.ts";
import { digits, pick } from "./numbers.ts";

export interface Person {
  readonly given: string;
  readonly surname: string;
  readonly isFemale: boolean;
}

export const GERMAN_WOMEN =
  "Thekla Ottilie Hedda Levke Fenja Swantje Gundula Kunigunde Mechthild Notburga Siegrun Walburga Xenia Dilara Zeynep Aylin Edeltraud Irmela Theresia Philomena Nurcan Milica Rosalinde Adelina".split(
    " ",
  );
export const GERMAN_MEN =
  "Jost Gisbert Wendelin Ingmar Jannes Tjark Hinrich Leander Rüdiger Ulfert Veit Zacharias Cem Miłosz Bogdan Thanh Korbinian Quirin Hansjörg Ruprecht Dragan Yannis Eckbert Wilmar".split(
    " ",
  );
export const ENGLISH_WOMEN =
  "Briony Clementine Elowen Gwendolyn Imogen Jocelyn Keira Maeve Niamh Orla Rhiannon Tabitha Una Verity Yolanda Zara Latoya Lakshmi Priya Adaeze Xiomara Philomena".split(
    " ",
  );
export const ENGLISH_MEN =
  "Alistair Desmond Fergus Hamish Lachlan Percival Quentin Seamus Tyrone Winston Xander Deshawn Chidi Ravi Torquil Rhys Barnaby Cormac Oluwaseun Hiroshi Dmitri Leopoldo".split(
    " ",
  );
export const GERMAN_SURNAMES =
  "Brandweiner Morgenrot Klingenberg Osterkamp Papenfuß Quast Rautenberg Schlüter Tiedemann Uhlenbrock Vogelsang Wiesner Zumwinkel Hölscher Kaczmarek Yılmaz Öztürk Nguyen Koch Bauer Richter Schwarz Klein Sommer Winter Vogt Ackermann Bleibtreu Dallmann Eichhorn Fröhlich Gießler Schulze-Heuling Meyer-Ladewig".split(
    " ",
  );
export const ENGLISH_SURNAMES =
  "Abernathy Blackwood Cartwright Dunmore Eastwood Fairweather Goldsmith Hargreaves Ibbotson Jellicoe Kilbride Lockhart MacAllister Nightingale O'Rourke Pemberton Quigley Ravenscroft Stapleton Thistlethwaite Underhill Whittaker Yardley Okafor Patel Iyer Young Brown Cook Baker Lloyd-Jones Fitzgerald".split(
    " ",
  );
const GERMAN_STREETS = ["Hasenbergsteige", "Lindenallee", "Alte Poststraße", "Goethestr.", "Karl-Liebknecht-Straße", "Am Mühlenteich", "Berliner Straße", "Hohler Weg", "Rosengasse", "Unter den Eichen", "Schillerplatz", "Kirchweg", "An der Stadtmauer", "Deichstr.", "Zum Steinbruch", "Breite Straße", "Dr.-Külz-Ring"]; // prettier-ignore
const GERMAN_TOWNS = ["Quedlinburg", "Freiburg im Breisgau", "Bad Homburg", "Oer-Erkenschwick", "München", "Cottbus", "Frankfurt am Main", "Husum", "Plauen", "Neustadt an der Weinstraße", "Göttingen"]; // prettier-ignore
const ENGLISH_STREETS = ["Acacia Avenue", "Mill Lane", "St Michael's Road", "Orchard Close", "Bishopsgate Street", "Old Quarry Drive", "Harbour Terrace", "Cherry Tree Crescent"]; // prettier-ignore
const BRITISH_TOWNS = ["Leeds", "Kingston upon Thames", "Llandudno", "Bath", "Milton Keynes", "Inverness"];
const AMERICAN_STREETS = [
  "Maple Street",
  "N. Lakeshore Blvd",
  "5th Avenue",
  "Old Mill Rd",
  "Jefferson Court",
  "Sunset Dr",
];
const AMERICAN_TOWNS = ["Springfield, IL", "Ann Arbor, MI", "Tulsa, OK", "Santa Fe, NM", "Portland, OR"];
const COMPANIES = [
  "Nordlicht Energie GmbH",
  "Baumgartner & Söhne KG",
  "Stadtwerke Musterhausen",
  "Hansa Versicherungen AG",
];
const HOSTS = [
  "postfach-nord.example",
  "mail.example.com",
  "web.example.de",
  "kanzlei.example",
  "uni.example.edu",
];

/** What a text is written from: a stream of random choices, and what they make. */
export class World {
  readonly random: Random;

  constructor(seed: number, label: string) {
    this.random = new Random(seed, label);
  }

  pick<Value>(values: readonly Value[]): Value {
    return pick(this.random, values);
  }

  /** True with that probability. */
  maybe(probability = 0.5): boolean {
    return this.random.uniform() < probability;
  }

  german(): Person {
    const isFemale = this.maybe();
    return {
      isFemale,
      given: this.pick(isFemale ? GERMAN_WOMEN : GERMAN_MEN),
      surname: this.pick(GERMAN_SURNAMES),
    };
  }

  english(): Person {
    const isFemale = this.maybe();
    return {
      isFemale,
      given: this.pick(isFemale ? ENGLISH_WOMEN : ENGLISH_MEN),
      surname: this.pick(ENGLISH_SURNAMES),
    };
  }

  company(): string {
    return this.pick(COMPANIES);
  }

  email({ given, surname }: Person): string {
    const plain = (name: string) =>
      name
        .normalize("NFD")
        .replace(/[^a-z-]/gi, "")
        .toLowerCase() || "post";
    const local = this.pick([
      `${plain(given)}.${plain(surname)}`,
      `${plain(given)[0]}${plain(surname)}`,
      `${plain(surname)}${this.random.integer(99)}`,
    ]);
    return marked("email", `${local}@${this.pick(HOSTS)}`);
  }

  germanPhone(): string {
    const area = this.pick(["030", "089", "0221", "04841", "0351"]);
    const number = digits(this.random, 6 + this.random.integer(2), 1);
    const mobile = `01${this.pick(["51", "60", "76"])}`;
    return marked(
      "phone",
      this.pick([
        `${area} ${number}`, `${area}/${number}`, `(${area}) ${number.slice(0, 3)} ${number.slice(3)}`, `+49 ${area.slice(1)} ${number}`, `+49 (0)${area.slice(1)} ${number.slice(0, 4)}-${number.slice(4)}`,
        `${mobile} ${digits(this.random, 7, 1)}`, `${mobile}${digits(this.random, 8, 1)}`, `0049 ${mobile.slice(1)} ${digits(this.random, 7, 1)}`, `${area} - ${number}`, `${area} ${number.slice(0, 2)} ${number.slice(2, 4)} ${number.slice(4)}`,
      ]), // prettier-ignore
    );
  }

  britishPhone(): string {
    return marked(
      "phone",
      this.pick([
        `020 7946 0${digits(this.random, 3)}`,
        `+44 20 7946 0${digits(this.random, 3)}`,
        `07700 900${digits(this.random, 3)}`,
        `(0113) 496 0${digits(this.random, 3)}`,
        `+44 (0)1632 960${digits(this.random, 3)}`,
      ]),
    );
  }

  americanPhone(): string {
    const [area, number] = [this.pick(["212", "415", "734", "918"]), `01${digits(this.random, 2)}`];
    return marked(
      "phone",
      this.pick([
        `(${area}) 555-${number}`,
        `${area}-555-${number}`,
        `+1 ${area} 555 ${number}`,
        `${area}.555.${number}`,
        `1-${area}-555-${number}`,
      ]),
    );
  }

  /** A day, a month, a year, each as a number. */
  date(from: number, to: number): readonly [day: number, month: number, year: number] {
    return [1 + this.random.integer(28), 1 + this.random.integer(12), from + this.random.integer(to - from)];
  }

  /** A street and a house number. */
  germanStreet(): string {
    const suffix = this.pick(["", "", "", "a", " b", `-${190 + this.random.integer(5)}`]);
    return `${this.pick(GERMAN_STREETS)} ${1 + this.random.integer(180)}${suffix}`;
  }

  /** A postcode and a town. */
  germanTown(): string {
    return `${this.maybe(0.1) ? "D-" : ""}${digits(this.random, 5, 1)} ${this.pick(GERMAN_TOWNS)}`;
  }

  /** `separator` is what stands between the lines of an address. */
  germanAddress(separator = "\n"): string {
    return marked("address", `${this.germanStreet()}${separator}${this.germanTown()}`);
  }

  britishAddress(separator = "\n"): string {
    const code = `${this.pick(["LS", "SW", "B", "KT", "IV"])}${1 + this.random.integer(20)} ${digits(this.random, 1)}${this.pick(["AB", "QT", "XE"])}`;
    const flat = this.maybe(0.2) ? `Flat ${1 + this.random.integer(9)}, ` : "";
    return marked(
      "address",
      `${flat}${1 + this.random.integer(200)} ${this.pick(ENGLISH_STREETS)}${separator}${this.pick(BRITISH_TOWNS)}${this.pick([" ", separator])}${code}`,
    );
  }

  americanAddress(separator = "\n"): string {
    const unit = this.maybe(0.3) ? `, Apt ${1 + this.random.integer(40)}` : "";
    return marked(
      "address",
      `${1 + this.random.integer(4000)} ${this.pick(AMERICAN_STREETS)}${unit}${separator}${this.pick(AMERICAN_TOWNS)} ${digits(this.random, 5, 1)}`,
    );
  }
}

export const name = (text: string): string => marked("name", text);
/** In one of the forms in which a text names somebody again. */
export const full = ({ given, surname }: Person): string => name(`${given} ${surname}`);
export const reversed = ({ given, surname }: Person): string => name(`${surname}, ${given}`);
export const initialled = ({ given, surname }: Person): string => name(`${given[0]}. ${surname}`);
export const last = ({ surname }: Person): string => name(surname);
