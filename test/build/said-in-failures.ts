/** What the program's source says in failures: every English reason, as a template with `{}` for each value in it. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../../build/root.ts";

/** Failures with words of ours that the window shows. */
const CODES = [
  "bad-choice",
  "bad-data",
  "corrupt-file",
  "unreadable",
  "unwritable",
  "engine-stopped",
  "export-differs",
  "hub-unreachable",
  "not-found",
  "template-failed",
  "too-little-data",
  "update-unreachable",
];
const WORDS = ["reason", "option", "what", "section"];
/** Functions and errors whose arguments that are texts become words of a failure, and in which files. */
const REFUSING: Readonly<Record<string, RegExp>> = {
  BadArchive: /^/,
  BadDocument: /^/,
  BadParquet: /^/,
  Unreachable: /^/,
  unreachable: /^/,
  corrupt: /^/,
  corruptConfig: /^/,
  count: /^native-models\/formats\/gguf\//,
  damaged: /^main\/engine\/saved-run\/journal-file\.ts$/,
  read: /^native-models\/formats\/safetensors\//,
  refuse:
    /^main\/engine\/documents\/|^native-models\/(chat-template|packed-weights|formats\/.*|inference\/write-model)\.ts$/,
  wrong: /^native-models\/formats\/onnx-check\.ts$/,
};

export interface Said {
  /** `path:line` from the root. */
  readonly place: string;
  /** Null if the source computes it in a way that cannot be followed; then `source` is its expression. */
  readonly template: string | null;
  readonly source: string;
}

/** All of it in the TypeScript files of some folders. */
export function saidIn(folders: readonly string[]): Said[] {
  return folders.flatMap(filesIn).flatMap(saidInFile);
}

function filesIn(path: string): string[] {
  const whole = join(root, path);
  if (statSync(whole).isFile()) return [path];
  return readdirSync(whole).flatMap((name) =>
    name.endsWith(".ts") || !name.includes(".") ? filesIn(`${path}/${name}`) : [],
  );
}

function saidInFile(path: string): Said[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const said: Said[] = [];
  const add = (expression: ts.Expression) => {
    const place = `${path}:${file.getLineAndCharacterOfPosition(expression.getStart()).line + 1}`;
    for (const template of templatesOf(expression))
      said.push({ place, template, source: expression.getText() });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) wordsIn(node).forEach(add);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = node.expression.getText().replace(/^.*\.#?/s, "");
      if (Object.hasOwn(REFUSING, name) && REFUSING[name]!.test(path))
        (node.arguments ?? [])
          .filter((argument) => ts.isNewExpression(node) || templatesOf(argument)[0])
          .forEach(add);
    }
    if (isSection(node)) add(node.right);
    if (ts.isPropertyAssignment(node) && node.name.getText() === "problem" && isText(node.initializer))
      add(node.initializer);
    node.forEachChild(visit);
  };
  visit(file);
  return said;
}

/** `cursor.section = "magic"` */
const isSection = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
  ts.isPropertyAccessExpression(node.left) &&
  node.left.name.text === "section";

const isText = (node: ts.Expression) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

function wordsIn(failure: ts.ObjectLiteralExpression): ts.Expression[] {
  const values = new Map<string, ts.Expression>();
  for (const property of failure.properties) {
    if (ts.isPropertyAssignment(property)) values.set(property.name.getText(), property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) values.set(property.name.text, property.name);
  }
  const code = values.get("code");
  if (!code || !ts.isStringLiteral(code) || !CODES.includes(code.text)) return [];
  return WORDS.flatMap((name) => values.get(name) ?? []);
}

function templatesOf(expression: ts.Expression): (string | null)[] {
  if (ts.isParenthesizedExpression(expression)) return templatesOf(expression.expression);
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isTemplateExpression(expression))
    return [
      expression.head.text +
        expression.templateSpans
          .map(({ expression: value, literal }) => (sectionOf(value) ?? "{}") + literal.text)
          .join(""),
    ];
  if (ts.isConditionalExpression(expression))
    return [...templatesOf(expression.whenTrue), ...templatesOf(expression.whenFalse)];
  if (
    ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
  )
    return [...templatesOf(expression.left), ...templatesOf(expression.right)];
  if (ts.isElementAccessExpression(expression)) return inTable(expression.expression);
  if (ts.isIdentifier(expression)) return valuesOf(expression);
  const section = sectionOf(expression);
  if (section !== null) return [section];
  if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression))
    return returnedBy(expression.expression);
  return [null];
}

/** What `tensorSection` of another file returns. */
const sectionOf = (expression: ts.Expression) =>
  ts.isCallExpression(expression) && expression.expression.getText() === "tensorSection"
    ? 'tensor "{}"'
    : null;

/** What a function of the same file returns. */
function returnedBy(name: ts.Identifier): (string | null)[] {
  const returned: (string | null)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) returned.push(...templatesOf(node.expression));
    else node.forEachChild(visit);
  };
  for (const statement of name.getSourceFile().statements)
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name.text)
      statement.body?.forEachChild(visit);
  return returned.length === 0 ? [null] : returned;
}

/** What a constant of the enclosing functions or of the file is. */
function valuesOf(name: ts.Identifier): (string | null)[] {
  const found = initializerOf(name);
  return found && !ts.isIdentifier(found) ? templatesOf(found) : [null];
}

/** All that a constant table has. */
function inTable(table: ts.Expression): (string | null)[] {
  const found = ts.isIdentifier(table) ? initializerOf(table) : undefined;
  if (!found || !ts.isObjectLiteralExpression(found)) return [null];
  return found.properties.flatMap((row) =>
    ts.isPropertyAssignment(row) ? templatesOf(row.initializer) : [null],
  );
}

function initializerOf(name: ts.Identifier): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name.text && node.initializer)
      found ??= node.initializer;
    if (!found) node.forEachChild(visit);
  };
  for (let scope: ts.Node = name.parent; scope && !found; scope = scope.parent)
    if (ts.isBlock(scope) || ts.isSourceFile(scope)) visit(scope);
  return found;
}
