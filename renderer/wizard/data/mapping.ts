/** A field mapping as a person edits it: one role per column. */
import type { AnswerForm, FieldMapping } from "../../../preload/contract/data/data.ts";

export type Role =
  | "unused"
  | "question"
  | "choices"
  | "answer"
  | "task"
  | "system"
  | "history"
  | "prompt"
  | "completion"
  | "messages"
  | "text"
  | "columns"
  | "label"
  | "group";

export type Kind = FieldMapping["kind"];

export interface MappingForm {
  readonly kind: Kind;
  readonly form: "plain" | "chat";
  readonly answerForm: AnswerForm;
  readonly roles: Readonly<Record<string, Role>>;
}

/** The roles of each kind of rows, required ones first. */
export const rolesOf: Record<Kind, readonly Role[]> = {
  questions: ["question", "choices", "answer", "task", "group", "unused"],
  examples: ["prompt", "completion", "system", "history", "label", "group", "unused"],
  conversations: ["messages", "system", "label", "group", "unused"],
  text: ["text", "group", "unused"],
  table: ["columns", "unused"],
};

const needed: Record<Kind, readonly Role[]> = {
  questions: ["question", "choices", "answer"],
  examples: ["prompt", "completion"],
  conversations: ["messages"],
  text: ["text"],
  table: ["columns"],
};

/** Roles that more than one column may have. */
const several: readonly Role[] = ["question", "choices", "prompt", "columns", "unused"];

/** The form for a mapping; without a mapping, a form for questions in which no column is used. */
export function formOf(mapping: FieldMapping | null, columns: readonly string[]): MappingForm {
  const roles: Record<string, Role> = Object.fromEntries(columns.map((column) => [column, "unused"]));
  if (mapping) {
    for (const [role, named] of Object.entries(mapping)) {
      if (!rolesOf[mapping.kind].includes(role as Role)) continue;
      for (const column of [named ?? []].flat()) if (column in roles) roles[column] = role as Role;
    }
  }
  return {
    kind: mapping?.kind ?? "questions",
    form: mapping?.kind === "examples" ? mapping.form : "plain",
    answerForm: mapping?.kind === "questions" ? mapping.answerForm : "text",
    roles,
  };
}

/** Sets the role of a column; if only one column may have the role, the previous one loses it. */
export function withRole(form: MappingForm, column: string, role: Role): MappingForm {
  const roles: Record<string, Role> = { ...form.roles };
  if (!several.includes(role)) {
    for (const other of Object.keys(roles)) if (roles[other] === role) roles[other] = "unused";
  }
  roles[column] = role;
  return { ...form, roles };
}

/** Changes the kind and clears roles that the new kind does not have. A table uses all columns. */
export function withKind(form: MappingForm, kind: Kind): MappingForm {
  if (kind === "table") return { ...form, kind, roles: allWith(form, "columns") };
  const roles = Object.fromEntries(
    Object.entries(form.roles).map(([column, role]) => [
      column,
      rolesOf[kind].includes(role) ? role : "unused",
    ]),
  );
  return { ...form, kind, roles };
}

function allWith({ roles }: MappingForm, role: Role): MappingForm["roles"] {
  return Object.fromEntries(Object.keys(roles).map((column) => [column, role]));
}

/** The mapping of a form, or the roles that no column has yet. */
export function mappingOf(form: MappingForm): { mapping: FieldMapping } | { missing: readonly Role[] } {
  const columns = (role: Role) => Object.keys(form.roles).filter((column) => form.roles[column] === role);
  const missing = needed[form.kind].filter((role) => columns(role).length === 0);
  if (missing.length > 0) return { missing };
  const first = (role: Role) => columns(role)[0]!;
  const optional = <R extends Role>(role: R) =>
    (columns(role).length > 0 ? { [role]: first(role) } : {}) as { [key in R]?: string };
  switch (form.kind) {
    case "questions":
      return {
        mapping: {
          kind: "questions",
          question: columns("question"),
          choices: columns("choices"),
          answer: first("answer"),
          answerForm: form.answerForm,
          ...optional("task"),
          ...optional("group"),
        },
      };
    case "examples":
      return {
        mapping: {
          kind: "examples",
          form: form.form,
          prompt: columns("prompt"),
          completion: first("completion"),
          ...optional("system"),
          ...optional("history"),
          ...optional("label"),
          ...optional("group"),
        },
      };
    case "conversations":
      return {
        mapping: {
          kind: "conversations",
          messages: first("messages"),
          ...optional("system"),
          ...optional("label"),
          ...optional("group"),
        },
      };
    case "text":
      return { mapping: { kind: "text", text: first("text"), ...optional("group") } };
    case "table":
      return { mapping: { kind: "table", columns: columns("columns") } };
  }
}
