/** Reviewing the questions of a writing: which are shown, which one is current, what was changed. */
import { SplitName } from "../../preload/contract/data/data.ts";
import type { QuestionChange, QuestionsAsked } from "../../preload/contract/calls/questions.ts";
import { countsOf, QuestionKind, QuestionState } from "../../preload/contract/questions/written-questions.ts";
import type { Writing, WrittenQuestion } from "../../preload/contract/questions/written-questions.ts";
import { main } from "../bridge.ts";
import { tellFailure } from "../diagnostics/tell-failure.ts";
import { failureOf } from "../messages/failures.ts";

/** How many questions are read together. */
const BLOCK = 100;
/** A search starts when the person has stopped typing for this long. */
const SEARCH_DELAY_MS = 200;

/** The filters and the order; "all" does not filter. */
export interface Shown {
  search: string;
  state: QuestionState | "all";
  kind: QuestionKind | "all";
  split: SplitName | "all";
  order: QuestionsAsked["order"];
}

/** The texts of a question that can be edited. */
type Texts = Pick<WrittenQuestion, "question" | "answer">;

const isSame = (one: Texts, other: Texts) =>
  one.question.trim() === other.question.trim() && one.answer.trim() === other.answer.trim();
const isUsable = ({ question, answer }: Texts) => question.trim() !== "" && answer.trim() !== "";

const ALL: Shown = { search: "", state: "all", kind: "all", split: "all", order: "place" };

export class Review {
  readonly id: number;
  writing = $state.raw<Writing | undefined>(undefined);
  shown = $state.raw<Shown>(ALL);
  /** One entry per question that passes the filters; undefined until its block has been read. */
  rows = $state.raw<readonly (WrittenQuestion | undefined)[]>([]);
  /** Whether the first block has been read. */
  ready = $state(false);
  current = $state(0);
  editing = $state(false);
  /** Texts that were typed and not stored, by question. */
  #typed = $state.raw<Readonly<Record<number, Texts>>>({});
  problem = $state.raw<unknown>(undefined);
  /** The question id of each row. Questions that were written or changed since the lookup do not shift rows. */
  #ids: readonly number[] = [];
  /** How many questions there were at the lookup. */
  #known = $state(0);
  /** The questions that were changed here, newest last. */
  #changed = $state.raw<readonly number[]>([]);
  #turn = Promise.resolve();
  /** Whether the page was left: from then on, a change that cannot be stored is reported as a toast. */
  #isLeft = false;
  #lookup = 0;
  /** The blocks that have been requested. */
  #blocks: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly now = $derived(this.rows[this.current]);
  /** The question being edited: the current one, with what was typed for it. */
  readonly edited = $derived.by(() => {
    const typed = this.now && this.#typed[this.now.id];
    return this.now && typed ? { ...this.now, ...typed } : this.now;
  });
  readonly counts = $derived(this.writing && countsOf(this.writing));
  /** How many questions have been written since the lookup. */
  readonly fresh = $derived(Math.max(0, (this.counts?.all ?? 0) - this.#known));
  readonly isNarrowed = $derived(
    this.shown.search !== "" ||
      [this.shown.state, this.shown.kind, this.shown.split].some((choice) => choice !== "all"),
  );
  readonly canUndo = $derived(this.#changed.length > 0 || this.now?.isChanged === true);

  constructor(id: number) {
    this.id = id;
  }

  /** Reads the writing and its first questions, and follows it; returns the function that stops it. */
  follow(): () => void {
    this.#isLeft = false;
    const stop = main.questions.changed((writing) => {
      if (writing.id !== this.id) return;
      this.writing = writing;
      // The first questions of a writing cannot shift any rows.
      if (this.ready && this.rows.length === 0 && this.fresh > 0 && !this.isNarrowed) void this.look();
    });
    void this.open();
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#isLeft = true;
      this.#leave();
    };
  }

  async open(): Promise<void> {
    await this.#attempt(async () => {
      this.writing = await main.questions.get({ id: this.id });
    });
    if (this.writing) await this.look();
  }

  /** Changes filters or order. A search waits until typing has stopped. */
  show(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    clearTimeout(this.#timer);
    if (change.search === undefined) void this.look();
    else this.#timer = setTimeout(() => void this.look(), SEARCH_DELAY_MS);
  }

  async showAll(): Promise<void> {
    this.shown = { ...ALL, order: this.shown.order };
    clearTimeout(this.#timer);
    await this.look();
  }

  /** Looks up the questions again, starting at the first. The result is ignored if a later lookup has started. */
  async look(): Promise<void> {
    const lookup = ++this.#lookup;
    const { isNarrowed } = this;
    const before = this.counts?.all ?? 0;
    await this.#attempt(async () => {
      const ids = await main.questions.find(this.#asked());
      const questions = await main.questions.read({ ids: ids.slice(0, BLOCK) });
      if (lookup !== this.#lookup) return;
      this.#leave();
      this.#ids = ids;
      this.#blocks = [0];
      this.rows = ids.map(() => undefined);
      this.#place(questions);
      this.#known = isNarrowed ? before : ids.length;
      this.current = 0;
      this.ready = true;
    });
  }

  /** Reads the block of a row that comes into view, once. */
  async need(at: number): Promise<void> {
    const block = Math.floor(at / BLOCK);
    if (this.#blocks.includes(block)) return;
    this.#blocks = [...this.#blocks, block];
    const ids = this.#ids.slice(block * BLOCK, (block + 1) * BLOCK);
    await this.#attempt(async () => {
      this.#place(await main.questions.read({ ids }));
    });
  }

  move(steps: number): void {
    this.go(this.current + steps);
  }

  /** Makes a row the current one, clamped to the list. */
  go(at: number): void {
    this.#leave();
    this.current = Math.max(0, Math.min(this.rows.length - 1, at));
    void this.need(this.current);
  }

  keep = (): void => this.#decide({ state: "kept" });
  drop = (): void => this.#decide({ state: "dropped" });

  edit(): void {
    if (this.now) this.editing = true;
  }

  /** Remembers what has been typed for the current question so far. */
  type(question: string, answer: string): void {
    if (this.now) this.#typed = { ...this.#typed, [this.now.id]: { question, answer } };
  }

  /**
   * Ends editing and stores the texts; if that fails, editing resumes. If they are unchanged, the question is only marked as kept; if one is
   * empty, the edit is dropped.
   */
  async save(question: string, answer: string): Promise<void> {
    const edited = this.now;
    if (!edited || !isUsable({ question, answer })) return this.cancel();
    this.editing = false;
    this.type(question, answer);
    if (await this.#store(edited)) return;
    const at = this.#ids.indexOf(edited.id);
    if (at < 0 || this.editing) return;
    this.current = at;
    this.editing = true;
  }

  /** Ends editing, and forgets what was typed. */
  cancel(): void {
    this.editing = false;
    if (this.now) this.#forget(this.now.id);
  }

  /** Ends editing because another question is shown: what was typed is stored, or offered again if it cannot be stored. */
  #leave(): void {
    const left = this.editing ? this.now : undefined;
    this.editing = false;
    const typed = left && this.#typed[left.id];
    if (!typed) return;
    if (isSame(left, typed)) this.#forget(left.id);
    else if (isUsable(typed)) void this.#store(left);
  }

  /** Stores what was typed for a question; returns whether that worked. If not, the typed texts are kept. */
  async #store(edited: WrittenQuestion): Promise<boolean> {
    const typed = this.#typed[edited.id]!;
    const change = isSame(edited, typed)
      ? { state: "kept" as const }
      : { state: "edited" as const, ...typed };
    const isStored = await this.#change(edited, change);
    if (isStored && this.#typed[edited.id] === typed) this.#forget(edited.id);
    return isStored;
  }

  #forget(id: number): void {
    const others = { ...this.#typed };
    delete others[id];
    this.#typed = others;
  }

  /** Undoes the newest change made here, or else the last one of the current question, and shows that question. */
  async undo(): Promise<void> {
    this.editing = false;
    await this.#inTurn(async () => {
      const id = this.#changed.at(-1) ?? (this.now?.isChanged ? this.now.id : undefined);
      if (id === undefined) return;
      this.#place([await main.questions.undo({ id })]);
      this.#changed = this.#changed.slice(0, -1);
      await this.#reveal(id);
      this.writing = await main.questions.get({ id: this.id });
    });
  }

  /** Makes a question the current one, without the filters if they hide it. */
  async #reveal(id: number): Promise<void> {
    if (!this.#ids.includes(id)) await this.look();
    if (!this.#ids.includes(id)) await this.showAll();
    const at = this.#ids.indexOf(id);
    if (at >= 0) this.go(at);
  }

  /** A decision moves to the next question without waiting for it to be stored, so that keys can be pressed in quick succession. */
  #decide(change: QuestionChange): void {
    const decided = this.now;
    if (!decided) return;
    this.move(1);
    void this.#change(decided, change);
  }

  /** Stores a change; returns whether that worked. */
  async #change({ id }: WrittenQuestion, change: QuestionChange): Promise<boolean> {
    let isStored = false;
    await this.#inTurn(async () => {
      this.#place([await main.questions.change({ id, change })]);
      isStored = true;
      this.#changed = [...this.#changed, id];
      this.writing = await main.questions.get({ id: this.id });
    });
    return isStored;
  }

  /** Updates the rows of these questions; those that are not shown are ignored. */
  #place(questions: readonly WrittenQuestion[]): void {
    const read = Object.fromEntries(questions.map((question) => [question.id, question]));
    this.rows = this.rows.map((row, at) => read[this.#ids[at]!] ?? row);
  }

  #asked() {
    const { search, state, kind, split, order } = this.shown;
    return {
      id: this.id,
      search,
      order,
      states: state === "all" ? [...QuestionState.options] : [state],
      kinds: kind === "all" ? [...QuestionKind.options] : [kind],
      splits: split === "all" ? [...SplitName.options] : [split],
    };
  }

  /** Changes are stored one after another, so that an undo also undoes one that is still being stored. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return (this.#turn = this.#turn.then(async () => {
      await this.#attempt(work);
      if (this.#isLeft && this.problem !== undefined) tellFailure(failureOf(this.problem));
    }));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = error;
    }
  }
}
