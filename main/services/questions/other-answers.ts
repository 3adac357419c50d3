/** Answers to other questions, as candidates for a question's wrong choices. */
import type { WrittenQuestion } from "../../../preload/contract/questions/written-questions.ts";
import { isGerman } from "../../documents/blocks/text-language.ts";

/** The most candidates that are tried: if all of them mean the same as the right answer, the rest probably do, too. */
const MOST_LOOKED_AT = 200;

interface Candidate {
  readonly question: WrittenQuestion;
  readonly logLength: number;
  readonly hasNumbers: boolean;
}

/** The answers of a collection, by kind and language. */
export class OtherAnswers {
  readonly #german: ReadonlySet<string>;
  readonly #byGroup = new Map<string, Candidate[]>();

  constructor(collection: readonly WrittenQuestion[]) {
    this.#german = germanSources(collection);
    for (const question of [...collection].sort((a, b) => a.id - b.id)) {
      const group = this.#groupOf(question, question.kind);
      if (!this.#byGroup.has(group)) this.#byGroup.set(group, []);
      this.#byGroup.get(group)!.push({ question, ...formOf(question) });
    }
  }

  /** Answers to questions of the same kind and language, nearest first: by passage, document, form and length. */
  *likeliestFirst(question: WrittenQuestion): Generator<string> {
    const wanted = question.kind === "not-in-text" ? "fact" : question.kind;
    const candidates = this.#byGroup.get(this.#groupOf(question, wanted)) ?? [];
    const own = formOf(question);
    const distances = Float64Array.from(candidates, ({ question: other, logLength, hasNumbers }) => {
      if (other.id === question.id) return Infinity;
      return (
        Math.abs(logLength - own.logLength) +
        (hasNumbers === own.hasNumbers ? 0 : 1) +
        (other.document === question.document ? 0 : 0.5) +
        (other.passage === question.passage ? -0.5 : 0)
      );
    });
    for (let count = 0; count < MOST_LOOKED_AT; count++) {
      const nearest = placeOfSmallest(distances);
      if (distances[nearest] === undefined || distances[nearest] === Infinity) return;
      yield candidates[nearest]!.question.answer;
      distances[nearest] = Infinity;
    }
  }

  #groupOf(question: WrittenQuestion, kind: WrittenQuestion["kind"]): string {
    return `${kind} ${this.#german.has(sourceOf(question))}`;
  }
}

const formOf = ({ answer }: WrittenQuestion) => ({
  logLength: Math.log(1 + answer.length),
  hasNumbers: /\p{N}/u.test(answer),
});

function placeOfSmallest(values: Float64Array): number {
  let place = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[place]!) place = i;
  return place;
}

/** The document of a question, or its passage if the document is unknown. */
const sourceOf = ({ document, passage }: WrittenQuestion) => document || passage;

/** The sources that are German, judged by all their passages together: a single table row may not tell. */
function germanSources(questions: readonly WrittenQuestion[]): Set<string> {
  const passages = new Map<string, Set<string>>();
  for (const question of questions) {
    const source = sourceOf(question);
    passages.set(source, (passages.get(source) ?? new Set()).add(question.passage));
  }
  const german = [...passages].filter(([, texts]) => isGerman([...texts].join("\n")));
  return new Set(german.map(([source]) => source));
}
