/** Which names are one person: "Dr. Anna Weber", "Frau Weber" and "A. Weber", as long as there is no other Weber that fits. */
import type { Gender, Mention } from "./names/find-names.ts";

interface Person {
  readonly surname: string;
  /** A whole name or an initial; empty where only the surname is known. */
  readonly given: string;
  gender: Gender;
  readonly documents: Set<string>;
}

export class Persons {
  readonly #bySurname = new Map<string, Person[]>();
  readonly #byGiven = new Map<string, Person[]>();

  /** Remembers a name as it stands in a document. */
  add(document: string, mention: Mention): void {
    const given = mention.given[0] ?? "";
    if (mention.surname === null || given === "") return;
    const person = this.#person(mention.surname, given);
    person.documents.add(document);
    person.gender ??= mention.gender;
  }

  /** The key of the person that is meant in a document, once all names were added. */
  keyOf(document: string, { given: [given = ""], surname, gender }: Mention): string {
    if (surname === null)
      return keyOf(this.#only(this.#byGiven.get(given) ?? [], document, false) ?? { surname: "", given });
    const all = this.#bySurname.get(surname) ?? [];
    const fitting = all.filter((person) => fits(person, given, gender));
    const whole = fitting.filter((person) => person.given.length > 1);
    if (given.length > 1) return keyOf({ surname, given });
    const only = this.#only(whole, document) ?? (whole.length > 0 ? null : this.#only(fitting, document));
    return keyOf(only ?? { surname, given: given || (gender ?? "") });
  }

  /** The one in the document; otherwise the one there is at all. */
  #only(persons: readonly Person[], document: string, alsoElsewhere = true): Person | null {
    const here = persons.filter(({ documents }) => documents.has(document));
    if (here.length > 0) return here.length === 1 ? here[0]! : null;
    return alsoElsewhere && persons.length === 1 ? persons[0]! : null;
  }

  #person(surname: string, given: string): Person {
    const known = this.#bySurname.get(surname)?.find((person) => person.given === given);
    if (known) return known;
    const person: Person = { surname, given, gender: null, documents: new Set() };
    append(this.#bySurname, surname, person);
    append(this.#byGiven, given, person);
    return person;
  }
}

const keyOf = ({ surname, given }: Pick<Person, "surname" | "given">): string => `${given} ${surname}`;

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
