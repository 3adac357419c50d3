/** Options that say which data is read, and how. A wrong value is a usage error, or a failure that names the option. */
import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { fail } from "../../native-models/failure.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import { AnswerForm, DocumentChoices, FieldMapping } from "../../preload/contract/data/data.ts";
import type { FieldMappings } from "../../preload/contract/data/data.ts";
import type { PersonalKind } from "../../preload/contract/data/personal.ts";
import { readTextFile } from "../documents/encodings/text-encoding.ts";
import { WITHIN } from "../documents/files/container.ts";
import type { DataSources } from "../services/data/reading.ts";
import { maskOption, ocrOption, sampleOption, textsOption, wholeNumber } from "./options.ts";

export interface SourceOptions {
  valid?: string[];
  test?: string[];
  offDomain?: string[];
  sampleRows?: number;
  ocr?: boolean;
  exclude?: string[];
  map?: string[];
  overlap?: number;
  mask?: PersonalKind[];
  maskList?: string;
  keepBoilerplate?: boolean;
  makeQuestions?: boolean;
  lastAnswerOnly?: boolean;
}

/** Adds the options for data read in addition to what the command names, and for how all of it is read. */
export function addSources(command: Command): Command {
  return command
    .option(
      "--valid <path...>",
      "validation data, which decides what is cut (split off by default)",
      textsOption,
    )
    .option(
      "--test <path...>",
      "test data, on which the models are measured (split off by default)",
      textsOption,
    )
    .addOption(sampleOption())
    .option("--off-domain <path...>", "data from another field, to measure what was forgotten", textsOption)
    .addOption(ocrOption())
    .option("--exclude <path...>", "files and folders to leave out of the folders and archives", textsOption)
    .option(
      "--map <file-and-columns...>",
      `how to read a file's columns, for example --map faq.csv prompt=Frage completion=Antwort; roles: ${Object.keys(ROLES).join(", ")}`,
    )
    .option(
      "--overlap <sentences>",
      "how many sentences each passage of a text shares with the next (0)",
      wholeNumber(0, 5),
    )
    .addOption(maskOption())
    .option("--mask-list <file>", "mask the names and words in this text file too, one per line")
    .option("--keep-boilerplate", "keep lines that appear in most documents, such as letterheads")
    .option(
      "--make-questions",
      "make cloze questions from held-out documents if you have no questions of your own",
    )
    .option("--last-answer-only", "learn only the last answer of a conversation (all its answers)");
}

/** The data with its options. Failures: not-found, bad-choice. */
export function sourcesOf(
  data: readonly string[],
  {
    valid = [],
    test = [],
    offDomain = [],
    sampleRows,
    ocr = false,
    exclude: excluded = [],
    map = [],
    overlap,
    mask: masks,
    maskList,
    keepBoilerplate: keepsBoilerplate,
    makeQuestions: makesQuestions,
    lastAnswerOnly,
  }: SourceOptions,
): DataSources {
  const mappings = mappingsOf(map);
  const sources = [...data, ...valid, ...test, ...offDomain];
  for (const path of excluded) refuseOther("--exclude", path, sources);
  for (const path of Object.keys(mappings)) refuseOther("--map", path, sources);
  const documents = DocumentChoices.parse({
    overlap,
    masks,
    maskList:
      maskList &&
      readTextFile(maskList)
        .split(/\r?\n/)
        .filter((line) => line.trim() !== ""),
    keepsBoilerplate,
    makesQuestions,
    lastAnswerOnly,
  });
  return { data, valid, test, offDomain, sampleRows, ocr, excluded, mappings, documents };
}

/** Refuses a path with which an option would change nothing. Failures: not-found, bad-choice. */
function refuseOther(option: "--exclude" | "--map", path: string, sources: readonly string[]): void {
  if (!path.includes(WITHIN) && !isListed(path)) fail({ code: "not-found", path, what: "file" });
  const own = resolve(path);
  const isPart = (source: string) => {
    const folder = source.endsWith(sep) ? source : source + sep;
    const isWithin = own.startsWith(folder) || own.startsWith(source + WITHIN);
    return isWithin || (own === source && option === "--map");
  };
  if (sources.map((source) => resolve(source)).some(isPart)) return;
  const reason =
    option === "--map" ? "it is not in the data" : "it is not in a folder or an archive of the data";
  refuseChoice({ code: "option", option: `${option} ${path}`, reason });
}

/** Whether a folder has an entry of this name, even if that is a link that leads nowhere. */
function isListed(path: string): boolean {
  const own = resolve(path);
  try {
    return readdirSync(dirname(own)).includes(basename(own));
  } catch {
    return existsSync(own);
  }
}

/** The roles that a mapping can give to columns: `several` columns may have such a role, or only `one`. */
const ROLES = {
  ...{ question: "several", choices: "several", answer: "one", "answer-form": "one", task: "one" },
  ...{ prompt: "several", completion: "one", system: "one", history: "one", label: "one" },
  ...{ messages: "one", text: "one", columns: "several", group: "one" },
} as const;

const isRole = (name: string): name is keyof typeof ROLES => Object.hasOwn(ROLES, name);

/** "faq.csv prompt=Frage completion=Antwort": files, each followed by its columns. Failure: bad-choice. */
function mappingsOf(words: readonly string[]): FieldMappings {
  const files = new Map<string, Map<keyof typeof ROLES, string[]>>();
  let columns: Map<keyof typeof ROLES, string[]> | undefined;
  for (const word of words) {
    const [, role = "", column = ""] = /^([a-z-]+)=(.+)$/s.exec(word) ?? [];
    if (isRole(role)) {
      if (!columns) return refuse(word, "name the file before its columns");
      columns.set(role, [...(columns.get(role) ?? []), column]);
    } else {
      columns = files.get(word) ?? new Map<keyof typeof ROLES, string[]>();
      files.set(word, columns);
    }
  }
  return Object.fromEntries([...files].map(([file, roles]) => [file, mappingOf(file, roles)]));
}

function mappingOf(file: string, roles: ReadonlyMap<keyof typeof ROLES, readonly string[]>): FieldMapping {
  const [answerForm = "text"] = roles.get("answer-form") ?? [];
  if (!AnswerForm.safeParse(answerForm).success)
    return refuse(file, `the answer-form is one of ${AnswerForm.options.join(", ")}`);
  const named = [...roles].map(([role, names]) => [role, ROLES[role] === "one" ? names[0] : names]);
  const kind = (["table", "conversations", "text", "questions"] as const).find((kind) =>
    roles.has(TELLING[kind]),
  );
  const mapping = FieldMapping.safeParse({
    kind: kind ?? "examples",
    form: "chat",
    answerForm,
    ...Object.fromEntries(named),
  });
  if (mapping.success) return mapping.data;
  const missing = [...new Set(mapping.error.issues.map(({ path }) => String(path[0])))];
  return refuse(file, `no column was named for ${missing.join(", ")}`);
}

/** The role that marks each kind of row; without any of these, a row is an example. */
const TELLING = { table: "columns", conversations: "messages", text: "text", questions: "choices" } as const;

function refuse(what: string, reason: string): never {
  return refuseChoice({ code: "option", option: `--map ${what}`, reason });
}
