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
  readonly #bySurname = new Map<string, Map<string, Person>>();
  readonly #byGiven = new Map<string, Map<string, Person>>();

  /** Remembers a name as it is in a document. */
  add(document: string, { given: [given = ""], surname, gender }: Mention): void {
    if (surname === null || (given === "" && gender === null)) return;
    const key = keyOf({ surname, given, gender });
    const namesakes = groupOf(this.#bySurname, surname);
    const person = namesakes.get(key) ?? { surname, given, gender, documents: new Set() };
    namesakes.set(key, person);
    groupOf(this.#byGiven, given).set(key, person);
    person.documents.add(document);
    person.gender ??= gender;
  }

  /** The key of the person whom a name in a document means; to be called after all names were added. */
  keyOf(document: string, { given: [given = ""], surname, gender }: Mention): string {
    const itself = { surname: surname ?? "", given, gender };
    if (surname === null) {
      const all = [...groupOf(this.#byGiven, given).values()];
      return keyOf(theOne(all.filter(({ documents }) => documents.has(document))) ?? itself);
    }
    if (given.length > 1) return keyOf(itself);
    const fitting = [...groupOf(this.#bySurname, surname).values()].filter((person) => fits(person, itself));
    const fullest = Math.max(...fitting.map(fullness));
    const persons = fitting.filter((person) => fullness(person) === fullest);
    const here = persons.filter(({ documents }) => documents.has(document));
    return keyOf(theOne(here.length > 0 ? here : persons) ?? itself);
  }
}

type Named = Pick<Person, "surname" | "given" | "gender">;

/** The only person, if there are not several. */
const theOne = ([one, another]: readonly Person[]): Person | undefined => (another ? undefined : one);

const keyOf = ({ surname, given, gender }: Named): string =>
  `${surname}, ${given === "" ? (gender ?? "") : given}`;

function groupOf(groups: Map<string, Map<string, Person>>, name: string): Map<string, Person> {
  const group = groups.get(name) ?? new Map<string, Person>();
  groups.set(name, group);
  return group;
}

/** A whole given name, an initial, or neither. */
const fullness = ({ given }: Person): number => Math.min(given.length, 2);

/** Whether an initial, or nothing, may stand for that person. */
function fits(person: Person, { given, gender }: Named): boolean {
  if (given !== "" && (person.given.length < 2 || person.given[0] !== given)) return false;
  return gender === null || person.gender === null || person.gender === gender;
}
