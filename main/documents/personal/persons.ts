/** Which names are one person: "Dr. Anna Weber", "Frau Weber" and "A. Weber", as long as no other Weber fits. */
import type { Gender, Mention } from "./found.ts";

interface Person {
  readonly surname: string;
  /** A whole name or an initial; empty where only the surname and the title are known. */
  readonly given: string;
  gender: Gender;
  readonly documents: Set<string>;
}

export class Persons {
  readonly #bySurname = new Map<string, Person[]>();
  readonly #byGiven = new Map<string, Person[]>();

  /** Remembers a name as it is in a document. */
  add(document: string, { given: [given = ""], surname, gender }: Mention): void {
    if (surname === null || (given === "" && gender === null)) return;
    const person = this.#person(surname, given, gender);
    person.documents.add(document);
    person.gender ??= gender;
  }

  /** The key of the person whom a name in a document means; to be called after all names were added. */
  keyOf(document: string, { given: [given = ""], surname, gender }: Mention): string {
    if (surname === null) {
      const here = (this.#byGiven.get(given) ?? []).filter(({ documents }) => documents.has(document));
      return keyOf(here.length === 1 ? here[0]! : { surname: "", given, gender: null });
    }
    const itself = { surname, given, gender };
    if (given.length > 1) return keyOf(itself);
    const fitting = (this.#bySurname.get(surname) ?? []).filter((person) => fits(person, given, gender));
    const known = (least: number, most: number) =>
      fitting.filter((person) => person.given.length >= least && person.given.length <= most);
    const tiers = given === "" ? [known(2, Infinity), known(1, 1), known(0, 0)] : [known(2, Infinity)];
    const fullest = tiers.find((persons) => persons.length > 0) ?? [];
    return keyOf(theOne(fullest, document) ?? itself);
  }

  #person(surname: string, given: string, gender: Gender): Person {
    const known = this.#bySurname
      .get(surname)
      ?.find((person) => person.given === given && (given !== "" || person.gender === gender));
    if (known) return known;
    const person: Person = { surname, given, gender, documents: new Set() };
    append(this.#bySurname, surname, person);
    if (given !== "") append(this.#byGiven, given, person);
    return person;
  }
}

/** The only person in the document; if none is in it, the only person at all. Undefined if there are several. */
function theOne(persons: readonly Person[], document: string): Person | undefined {
  const here = persons.filter(({ documents }) => documents.has(document));
  const [one, another] = here.length > 0 ? here : persons;
  return another ? undefined : one;
}

function keyOf({ surname, given, gender }: Pick<Person, "surname" | "given" | "gender">): string {
  return given === "" ? `${surname}, ${gender ?? ""}` : `${surname}, ${given}`;
}

/** Whether an initial, or nothing, may stand for that person. */
function fits(person: Person, given: string, gender: Gender): boolean {
  if (given !== "" && person.given[0] !== given[0]) return false;
  return gender === null || person.gender === null || person.gender === gender;
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
