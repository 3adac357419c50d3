/** Which exports no other file uses. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { scriptOf, sourcesIn } from "./imports.ts";

/** An export of a file; its path is relative to the folder that was asked about, with "/". */
export interface Export {
  readonly file: string;
  readonly name: string;
}

/** A statement that exports. */
interface Exporting {
  readonly names: readonly string[];
  readonly isType: boolean;
  /** All names in its text. */
  readonly words: ReadonlySet<string>;
}

/**
 * The exports of the TypeScript and Svelte files in these folders of `root` that no other of these files imports. A type may also
 * be used by another export of its file. Default exports are left out: tools load such files by path.
 */
export function unusedExports(root: string, folders: readonly string[]): Export[] {
  const exporting = new Map<string, readonly Exporting[]>();
  const imported = new Map<string, Set<string>>();
  for (const file of sourcesIn(root, folders)) {
    const script = scriptOf(file, readFileSync(join(root, file), "utf8"));
    const source = ts.createSourceFile(file, script, ts.ScriptTarget.Latest);
    exporting.set(file, exportsOf(source));
    for (const { from, names } of importsOf(source)) {
      const path = posix.join(posix.dirname(file), from);
      imported.set(path, new Set([...(imported.get(path) ?? []), ...names]));
    }
  }
  return [...exporting].flatMap(([file, statements]) => {
    const names = statements
      .filter((statement) => !isPart(statement, statements))
      .flatMap(({ names }) => names);
    return [...new Set(names)]
      .filter((name) => !imported.get(file)?.has(name))
      .map((name) => ({ file, name }));
  });
}

/** Whether a statement exports a type that another export of its file mentions. */
function isPart({ isType, names: [name] }: Exporting, all: readonly Exporting[]): boolean {
  return isType && all.some(({ names, words }) => !names.includes(name!) && words.has(name!));
}

function exportsOf(source: ts.SourceFile): Exporting[] {
  return source.statements.filter(isExporting).map((statement) => ({
    names: namesOf(statement),
    isType: ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement),
    words: wordsOf(statement.getText(source)),
  }));
}

function isExporting(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  const has = (kind: ts.SyntaxKind) => modifiers?.some((modifier) => modifier.kind === kind) ?? false;
  return (
    ts.isExportDeclaration(statement) ||
    (has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.DefaultKeyword))
  );
}

/** The names that a declaration or a list of exports introduces. */
function namesOf(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(namesOf);
  if (ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node) || ts.isNamedExports(node))
    return node.elements.flatMap(namesOf);
  return namesOf(ts.isExportDeclaration(node) ? node.exportClause : (node as ts.NamedDeclaration).name);
}

interface Imported {
  /** As the import says it: "./graph.ts". */
  readonly from: string;
  readonly names: Iterable<string>;
}

/** What a file imports: the names in its lists, and any that it mentions for `import * as` and `import()`. */
function importsOf(source: ts.SourceFile): Imported[] {
  const imports: Imported[] = [];
  const add = (from: ts.Node | undefined, list?: ts.Node) => {
    if (!from || !ts.isStringLiteral(from)) return;
    const isList = list && (ts.isNamedImports(list) || ts.isNamedExports(list));
    const names = isList
      ? list.elements.map(({ propertyName, name }) => (propertyName ?? name).text)
      : wordsOf(source.text);
    imports.push({ from: from.text, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && node.importClause?.namedBindings)
      add(node.moduleSpecifier, node.importClause.namedBindings);
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.exportClause);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

const wordsOf = (text: string): Set<string> => new Set(text.match(/[\w$]+/g));
