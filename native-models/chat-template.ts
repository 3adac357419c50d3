/**
 * Chat templates: the Jinja program in a model's files that writes a conversation as the text the model was tuned on. Templates
 * are untrusted, so conversations are rendered in the reader process, which is killed at its limits of time and memory. The limits here
 * stop hostile templates earlier and name the cause, and are all there are for the few fixed conversations that the trainer renders to
 * find a template's tokens and shape: counts of steps, nesting and sizes, and a time limit for single calls that the counts do not see,
 * such as a slow regular expression of the template engine.
 */
import { AppError, fail } from "./failure.ts";
import { Environment, Interpreter, parse, tokenize } from "./jinja.ts";
import type { JinjaNode, JinjaScope, JinjaValue } from "./jinja.ts";
import { withinTime } from "./time-limit.ts";
import { marker } from "./tokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** How a model is prompted: the data from its files that turns a conversation into the text it was tuned on. */
export interface ChatTemplate {
  /** The Jinja program; null if the model has none and `plainChat` is used. */
  readonly source: string | null;
  /** The texts of the tokens, null if the model has none. */
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  /** Texts that remain plain text when they occur in messages. */
  readonly specialTokens: readonly string[];
}

/** If a model has more, only those count that its template writes. */
const MOST_SPECIAL_TOKENS = 10_000;

/** A template that is too long to run is truncated, and refused anyway. */
export function chatTemplateOf(tokenizer: Tokenizer): ChatTemplate {
  const { chatTemplate, bosId, eosIds, specialTokens } = tokenizer;
  const source = chatTemplate?.slice(0, LONGEST_SOURCE + 1) ?? null;
  const text = (id: number | null | undefined) =>
    id === null || id === undefined ? null : tokenizer.decode([id]);
  return {
    source,
    bosToken: text(bosId),
    eosToken: text(eosIds[0]),
    specialTokens:
      specialTokens.length <= MOST_SPECIAL_TOKENS
        ? specialTokens
        : specialTokens.filter((token) => source?.includes(token)),
  };
}

/** The variable that switches the thinking mode in templates that have one. */
const THINKING_SWITCH = "enable_thinking";

/** Whether a template offers a choice between answering with and without a thought. */
export function hasThinkingSwitch({ source }: ChatTemplate): boolean {
  return source?.includes(THINKING_SWITCH) ?? false;
}

/** Whether a template lists the tools that a model may call. */
export function takesTools({ source }: ChatTemplate): boolean {
  return /\btools\b/.test(source ?? "");
}

/** Whether a template writes the same whatever the system message says. */
export function ignoresSystem(template: ChatTemplate): boolean {
  const { source } = template;
  if (source === null) return false;
  if (examined?.source !== source) examined = { source, ignores: isSystemIgnored(template, source) };
  return examined.ignores;
}

/** The last template that was examined: a data set has many conversations. */
let examined: { readonly source: string; readonly ignores: boolean } | undefined;

function isSystemIgnored(template: ChatTemplate, source: string): boolean {
  const written = (system: string) =>
    rendered(template, source, {
      messages: [
        { role: "system", content: system },
        { role: "user", content: "Hello." },
      ],
      addGenerationPrompt: true,
      now: new Date(0),
    });
  try {
    return written("Be brief.") === written("Be polite.");
  } catch (error) {
    if (error instanceof AppError) return false; // it refuses system messages
    throw error;
  }
}

/** One turn of a conversation; templates know the roles "system", "user", "assistant", and some "tool". */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  /** The tools that this turn calls. */
  readonly tool_calls?: readonly { readonly name: string; readonly arguments: object }[] | undefined;
}

export interface ChatOptions {
  readonly messages: readonly ChatMessage[];
  /** Tools in OpenAI's format, for templates that list them (`takesTools`). */
  readonly tools?: readonly object[] | undefined;
  /** The text ends with the start of the assistant's answer. */
  readonly addGenerationPrompt: boolean;
  /** Whether the answer starts with a thought, if the template offers the choice; off by default. */
  readonly thinking?: boolean;
  /** The date, for templates that use it. */
  readonly now?: Date;
}

const LONGEST_MS = 1500;
/** Real templates have up to 20,000 characters and take a few dozen steps per message. */
const LONGEST_SOURCE = 64 * 1024;
const LONGEST_SPACE = 2048;
const DEEPEST_BRACKETS = 100;
const DEEPEST_EVALUATION = 400;
const MOST_STEPS = 500_000;
/** The steps of a loop iteration before anything in it is evaluated. */
const STEPS_OF_A_TURN = 4;
const LONGEST_TEXT = 2_000_000;
const LONGEST_LIST = 100_000;

/** Characters of all intermediate texts; the output itself is counted once per level of nesting. */
const MOST_TEXT = 64_000_000;
/** Entries of all lists that are made: together they take a few hundred megabytes at most. */
const MOST_ENTRIES = 20_000_000;

/** A template's own refusal of a conversation. */
class Refusal extends AppError {}

/**
 * The conversation as text; without a template, `plainChat`. It contains the beginning-of-sequence token if the template writes
 * one, and the template's special tokens. Text in a message that looks like one is marked, so that it stays plain text when the
 * whole is encoded with `special`. What the template refuses is written in a form that it may accept (`acceptable`); a system message that
 * it ignores begins the user's message. Throws `template-failed`.
 */
export function renderChat(template: ChatTemplate, options: ChatOptions): string {
  const { source } = template;
  if (source === null) return plainChat(options);
  const { messages } = options;
  const text = accepted(template, source, options);
  const isLost = messages.some(isSystem) && ignoresSystem(template);
  return isLost ? accepted(template, source, { ...options, messages: systemInUser(messages) }) : text;
}

function accepted(template: ChatTemplate, source: string, options: ChatOptions): string {
  try {
    return rendered(template, source, options);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const messages of acceptable(options.messages)) {
      try {
        return rendered(template, source, { ...options, messages });
      } catch (other) {
        if (!(other instanceof Refusal)) throw other;
      }
    }
    throw error;
  }
}

/**
 * The messages in the forms that templates accept whose roles must alternate, or which know no system message: without two turns of the same
 * role in a row, then also with the system message as the beginning of the user's.
 */
function acceptable(messages: readonly ChatMessage[]): ChatMessage[][] {
  const asUser = messages.map((turn) => ({ ...turn, role: turn.role === "system" ? "user" : turn.role }));
  return [joined(messages), joined(asUser)];
}

const isSystem = ({ role }: ChatMessage): boolean => role === "system";

/** System messages as the beginning of the user's message after them, or as one of their own. */
function systemInUser(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  messages.forEach((turn, index) => {
    const { role, content } = turn;
    if (role === "user" && index > 0 && isSystem(messages[index - 1]!)) {
      const { content: before } = turns.pop()!;
      turns.push({ role, content: before.trim() === "" ? content : `${before}\n\n${content}` });
    } else turns.push({ ...turn, role: role === "system" ? "user" : role });
  });
  return turns;
}

/** Turns of the same role in a row as one, parted by a blank line. */
function joined(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const { role, content, tool_calls } of messages) {
    const last = turns.at(-1);
    const isOne = last?.role === role && !last.tool_calls && !tool_calls;
    if (isOne) turns[turns.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else turns.push({ role, content, tool_calls });
  }
  return turns;
}

function rendered(template: ChatTemplate, source: string, options: ChatOptions): string {
  const render = () => new LimitedInterpreter(environment(template, options)).run(program(source)).value;
  try {
    const text = withinTime(LONGEST_MS, render, () => refuse(`it takes longer than ${LONGEST_MS / 1000} s`));
    return typeof text === "string" ? text : refuse("its text cannot be extracted");
  } catch (error) {
    if (error instanceof AppError) throw error;
    return refuse(reasonOf(error));
  }
}

/**
 * The ids of a prompt; `special`: `renderChat` made it from a template, so its special tokens are real ones. The
 * beginning-of-sequence token occurs once, whether or not the template writes it.
 */
export function promptIds(
  { encode, addsBos, bosToken }: Pick<Tokenizer, "encode" | "addsBos" | "bosToken">,
  prompt: string,
  special = false,
): number[] {
  const begun = special && bosToken !== null && prompt.startsWith(bosToken);
  return encode(prompt, { special, addBos: addsBos && !begun });
}

/**
 * A conversation for a model without a chat template, such as a base model: "User: …" and "Assistant: …", a blank line between
 * turns, a system message unchanged. Such a model has not learnt where an answer ends.
 */
export function plainChat({
  messages,
  addGenerationPrompt,
}: Pick<ChatOptions, "messages" | "addGenerationPrompt">): string {
  const turns = messages.map(({ role, content }) =>
    role === "system" ? content : `${role.slice(0, 1).toUpperCase()}${role.slice(1)}: ${content}`,
  );
  return [...turns, ...(addGenerationPrompt ? ["Assistant:"] : [])].join("\n\n");
}

function program(template: string): JinjaNode {
  if (template.length > LONGEST_SOURCE)
    refuse(`it has ${template.length} characters, more than ${LONGEST_SOURCE}`);
  // The tokenizer scans every run of spaces once for each of its characters.
  if (new RegExp(`\\s{${LONGEST_SPACE}}`).test(template))
    refuse(`it has more than ${LONGEST_SPACE} spaces in a row`);
  // Jinja reads every line break as "\n". The options are those that transformers passes to it.
  const tokens = tokenize(template.replace(/\r\n?/g, "\n"), { lstrip_blocks: true, trim_blocks: true });
  let depth = 0;
  for (const { type } of tokens) {
    if (/^Open(Paren|.*Bracket)$/.test(type)) depth++;
    if (/^Close(Paren|.*Bracket)$/.test(type)) depth--;
    if (depth > DEEPEST_BRACKETS) refuse(`its brackets are nested more than ${DEEPEST_BRACKETS} deep`);
  }
  return parse(tokens);
}

function environment(
  { bosToken, eosToken, specialTokens }: ChatTemplate,
  { messages, tools, addGenerationPrompt, thinking = false, now = new Date() }: ChatOptions,
): JinjaScope {
  const globals = new Environment();
  const marked = marker(specialTokens);
  const variables = {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    raise_exception: (message: unknown) => {
      throw new Refusal({ code: "template-failed", reason: String(message).slice(0, 300) });
    },
    range,
    strftime_now: (format: unknown) => formatDate(now, String(format)),
    messages: messages.map(({ role, content, tool_calls }) => ({
      role,
      content: marked(content),
      ...(tool_calls && {
        tool_calls: tool_calls.map((call) => ({ type: "function", function: markedIn(call, marked) })),
      }),
    })),
    add_generation_prompt: addGenerationPrompt,
    tools: tools === undefined ? null : markedIn(tools, marked),
    documents: null, // as transformers defines them where there are none
    [THINKING_SWITCH]: thinking,
    ...(bosToken === null ? {} : { bos_token: bosToken }),
    ...(eosToken === null ? {} : { eos_token: eosToken }),
  };
  for (const [name, value] of Object.entries(variables)) globals.set(name, value);
  return globals;
}

/** A value with all its texts marked. */
function markedIn(value: unknown, marked: (text: string) => string): unknown {
  if (typeof value === "string") return marked(value);
  if (Array.isArray(value)) return value.map((part) => markedIn(part, marked));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [marked(name), markedIn(part, marked)]),
  );
}

/** A `break` or `continue`, with what its iteration has written before it. */
class LeftIteration extends Error {
  readonly statement: JinjaNode;
  text = "";

  constructor(statement: JinjaNode) {
    super();
    this.statement = statement;
  }
}

/** Evaluates with limits on steps, nesting and the size of each result. */
class LimitedInterpreter extends Interpreter {
  readonly #iterated = new Set<JinjaNode | undefined>();
  readonly #bodies = new Set<readonly JinjaNode[]>();
  /** The `break` of loops that have met one, by their scopes. */
  readonly #broken = new WeakMap<JinjaScope, JinjaNode>();
  #steps = 0;
  #depth = 0;
  #text = 0;
  #entries = 0;

  override evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue {
    this.#charge(1);
    if (this.#depth >= DEEPEST_EVALUATION) refuse(`it is nested more than ${DEEPEST_EVALUATION} deep`);
    if (node?.type === "Break" || node?.type === "Continue") throw new LeftIteration(node);
    if (node?.type === "For") this.#remember(node);
    this.#depth++;
    try {
      const result = super.evaluate(node, scope);
      this.#measure(node, result);
      return result;
    } finally {
      this.#depth--; // `break` and `continue` are errors that a loop catches
    }
  }

  override evaluateBlock(statements: readonly JinjaNode[], scope: JinjaScope): JinjaValue {
    return this.#bodies.has(statements) ? this.#iteration(statements, scope) : this.#block(statements, scope);
  }

  /**
   * One iteration of the loop with this scope. By itself, the engine would drop what an iteration has written before it is left, and
   * would keep its variables for the next one.
   */
  #iteration(body: readonly JinjaNode[], scope: JinjaScope): JinjaValue {
    const broken = this.#broken.get(scope);
    if (broken) return super.evaluate(broken, scope); // throws what ends the engine's loop
    try {
      return this.#block(body, new Environment(scope));
    } catch (error) {
      if (!(error instanceof LeftIteration)) throw error;
      if (error.statement.type === "Break") this.#broken.set(scope, error.statement);
      return this.#literal(error.text, scope);
    }
  }

  #block(statements: readonly JinjaNode[], scope: JinjaScope): JinjaValue {
    let text = "";
    for (const statement of statements) {
      try {
        text += String(super.evaluateBlock([statement], scope).value);
      } catch (error) {
        if (error instanceof LeftIteration) error.text = text + error.text;
        throw error;
      }
    }
    return this.#literal(text, scope);
  }

  #literal(value: string, scope: JinjaScope): JinjaValue {
    const literal = { type: "StringLiteral", value };
    return super.evaluate(literal, scope);
  }

  /** A loop without a body evaluates nothing, so its iterations are counted when its list is created. */
  #remember(node: JinjaNode): void {
    const { iterable, body } = node as JinjaNode & {
      iterable: JinjaNode & { lhs?: JinjaNode };
      body: readonly JinjaNode[];
    };
    this.#iterated.add(iterable.type === "SelectExpression" ? iterable.lhs : iterable);
    this.#bodies.add(body);
  }

  #measure(node: JinjaNode | undefined, { type, value }: JinjaValue): void {
    if (typeof value === "string") {
      if (value.length > LONGEST_TEXT) refuse(`it creates a text of more than ${LONGEST_TEXT} characters`);
      this.#text += value.length;
      if (this.#text > MOST_TEXT) refuse(`it creates more than ${MOST_TEXT} characters of text`);
    }
    if (Array.isArray(value)) {
      if (value.length > LONGEST_LIST) refuse(`it creates a list of more than ${LONGEST_LIST} entries`);
      if (this.#iterated.has(node)) this.#charge(value.length * STEPS_OF_A_TURN);
      if (node?.type !== "Identifier") this.#entries += value.length; // a variable is a list that was made before
      if (this.#entries > MOST_ENTRIES) refuse(`it creates lists of more than ${MOST_ENTRIES} entries`);
    }
    if (type === "ObjectValue" && this.#iterated.has(node))
      this.#charge((value as Map<unknown, unknown>).size * STEPS_OF_A_TURN);
  }

  #charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) refuse(`it takes more than ${MOST_STEPS} steps`);
  }
}

/** Python's range, up to the maximum list length. */
function range(first: unknown, end?: unknown, step: unknown = 1): number[] {
  const [from, to] = end === undefined ? [0, Number(first)] : [Number(first), Number(end)];
  const by = Number(step);
  const count = Math.max(0, Math.ceil((to - from) / by));
  // NaN and infinity also end up here.
  if (!(count <= LONGEST_LIST)) refuse(`it requests a range of ${count} numbers`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** The parts of Python's strftime that templates use, in English as in the texts that models were tuned on. */
function formatDate(date: Date, format: string): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const parts: Record<string, string> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    H: two(date.getHours()),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    B: MONTHS[date.getMonth()]!,
    b: MONTHS[date.getMonth()]!.slice(0, 3),
    A: DAYS[date.getDay()]!,
    a: DAYS[date.getDay()]!.slice(0, 3),
    "%": "%",
  };
  return format.replace(/%([YymdHMSBbAa%])/g, (_, part: string) => parts[part]!);
}

/** The template engine's message. At the end of a truncated template it reads undefined values. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "it is nested too deep or makes a text too long";
  if (error instanceof TypeError) return "it is not a complete template";
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 300) || "it leaves a loop that it is not in";
}

function refuse(reason: string): never {
  return fail({ code: "template-failed", reason });
}
