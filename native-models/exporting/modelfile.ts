/**
 * Ollama's Modelfile (github.com/ollama/ollama, docs/modelfile.md) and its template, a program for Go's text/template
 * (docs/template.md).
 */
import type { TurnShape } from "./turns.ts";

export interface ModelfileParts {
  /** The name of the GGUF file in the same folder. */
  readonly file: string;
  /** Null: Ollama chooses by the template inside the GGUF file. */
  readonly template: string | null;
  readonly stops: readonly string[];
  /** Parameters by Ollama's names. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly licence: string | null;
}

/** The text of a Modelfile. Texts with three quotes in a row, which it cannot contain, are left out. */
export function modelfile({ file, template, stops, parameters, licence }: ModelfileParts): string {
  const block = (name: string, text: string | null) =>
    text === null || text.includes('"""') ? [] : [`${name} """${text}"""`];
  return [
    `FROM ./${file}`,
    ...block("TEMPLATE", template),
    ...stops.map((stop) => `PARAMETER stop ${JSON.stringify(stop)}`),
    ...Object.entries(parameters).map(([name, value]) => `PARAMETER ${name} ${value}`),
    ...block("LICENSE", licence),
    "",
  ].join("\n");
}

/** A shape as a template of Ollama, which gives `.System`, `.Messages` with `.Role` and `.Content`, and `.Think`. */
export function goTemplate(shape: TurnShape): string {
  const { start, system, systemInUser, defaultSystem, user, assistant, answer, thoughtfulAnswer } = shape;
  const systemTurn = systemInUser
    ? ""
    : `{{ if eq .Role "system" }}${literal(system.before)}{{ .Content }}${literal(system.after)}{{ end }}`;
  const systemText = systemInUser
    ? `{{ if and $.System (eq $i 1) }}${literal(system.before)}{{ $.System }}${literal(system.after)}{{ end }}`
    : "";
  return [
    literal(start),
    defaultSystem === "" ? "" : `{{ if not .System }}${literal(defaultSystem)}{{ end }}`,
    "{{ range $i, $message := .Messages }}",
    systemTurn,
    `{{ if eq .Role "user" }}${literal(user.before)}${systemText}{{ .Content }}${literal(user.after)}{{ end }}`,
    `{{ if eq .Role "assistant" }}${literal(assistant.before)}{{ .Content }}${literal(assistant.after)}{{ end }}`,
    "{{ end }}",
    thoughtfulAnswer === answer
      ? literal(answer)
      : `{{ if .Think }}${literal(thoughtfulAnswer)}{{ else }}${literal(answer)}{{ end }}`,
  ].join("");
}

/** Text as it is; braces that would begin an action are given as a string. */
const literal = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');
