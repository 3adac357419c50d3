import js from "@eslint/js";
import node from "eslint-plugin-n";
import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";
import { familyNames } from "./build/lint-families.js";

/** The folders of main/trimming that compute with models: only engines load them, not what plans a run. */
const WORK = ["chat", "devices", "evaluation", "export", "methods", "rows", "run", "scoring", "training"];

/** Which process may import which folder: the path tells where code runs, and this proves it. */
const boundaries = {
  "native-models": ["main", "preload", "renderer", "electron"],
  preload: ["main", "renderer", "node:*"],
  renderer: ["main", "native-models/*/**", "node:*", "electron"],
  "main/services": ["electron", "renderer", ...WORK.map((folder) => `trimming/${folder}`)],
  "main/engines": ["database", "services", "renderer", "electron"],
  "main/documents": ["database", "services", "engines", "trimming", "renderer", "electron"],
  "main/trimming": ["database", "services", "engines", "renderer", "electron"],
  "main/trimming/{schedule,plan}": [
    ...["database", "services", "engines", "renderer", "electron", "onnxruntime-node"],
    ...WORK.map((folder) => `../${folder}`),
  ],
};

/** The Node in Electron 22 (build/electron/release.ts). */
const FALLBACK_NODE = "16.17.1";
const NOT_IN_FALLBACK = "Electron 22 does not have this method; copy the array first.";

const named = (names) => `[name=/^(${names})$/]`;
/** What the application must never do, as selectors of its syntax. */
const forbiddenSyntax = (forbidden) => [
  "error",
  ...Object.entries(forbidden).map(([selector, message]) => ({ selector, message })),
];
const OPENS_ADDRESSES = {
  [`Identifier${named("openExternal|openPath")}`]: "Nothing here opens an address in another program.",
};
const CREATES_PAGES = {
  [`NewExpression > Identifier.callee${named("BrowserWindow|BrowserView|WebContentsView")}`]:
    "Only main/window/window.ts creates pages.",
};
const WRITES_MARKUP = {
  [`MemberExpression > Identifier.property${named("innerHTML|outerHTML|insertAdjacentHTML")}`]:
    "Text becomes markup only after sanitising it.",
  "MemberExpression[object.name='document'] > Identifier.property[name=/^write(ln)?$/]":
    "Text becomes markup only after sanitising it.",
};
const EMBEDS = ["webview", "iframe", "object", "embed"];

const patterns = (forbidden) =>
  forbidden.map((name) =>
    name === "electron" || name.startsWith("node:")
      ? { group: [name], message: `This process has no ${name}.` }
      : {
          group: name.startsWith("../") ? [`${name}/**`] : [`**/${name}/**`, `**/${name}`],
          message: `Code here may not depend on ${name}/ (docs/design.md).`,
        },
  );

export default tseslint.config(
  { ignores: ["node_modules", "out", "dist", "native-models/sample", ".cache", "test/artefacts"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: { "no-undef": "off" }, // svelte-check knows the types
  },
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "off",
      "require-yield": "off", // an operation that only plans waits for nothing (main/trimming/schedule/step.ts)
    },
  },
  {
    files: ["build/**/*.cjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", require: "readonly", module: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["{native-models,main,preload,renderer}/**/*.{ts,svelte}"],
    ignores: [
      "native-models/architectures/**",
      "native-models/tokenizer/gguf-pre-tokenizers.ts", // values of the GGUF format
    ],
    plugins: { coppice: { rules: { "family-names": familyNames } } },
    rules: { "coppice/family-names": "error" },
  },
  {
    files: ["{main,preload}/**/*.ts"],
    rules: { "no-restricted-syntax": forbiddenSyntax({ ...OPENS_ADDRESSES, ...CREATES_PAGES }) },
  },
  {
    files: ["main/window/window.ts"],
    rules: { "no-restricted-syntax": forbiddenSyntax(OPENS_ADDRESSES) },
  },
  {
    files: ["renderer/**/*.{ts,svelte}"],
    rules: {
      "no-restricted-syntax": forbiddenSyntax({ ...OPENS_ADDRESSES, ...CREATES_PAGES, ...WRITES_MARKUP }),
    },
  },
  {
    files: ["renderer/**/*.svelte"],
    rules: {
      "svelte/no-restricted-html-elements": [
        "error",
        { elements: EMBEDS, message: "The window has no frames or views." },
      ],
    },
  },
  {
    // Newer parts of Node are missing where the fallback Electron runs main and the engines.
    files: ["{native-models,main}/**/*.ts"],
    plugins: { n: node },
    languageOptions: { globals: node.configs["flat/recommended-module"].languageOptions.globals },
    settings: { node: { version: FALLBACK_NODE } },
    rules: {
      "n/no-unsupported-features/node-builtins": "error",
      "n/no-unsupported-features/es-builtins": "error",
      "no-restricted-properties": [
        "error",
        ...["toSorted", "toReversed", "toSpliced"].map((property) => ({
          property,
          message: NOT_IN_FALLBACK,
        })),
      ],
    },
  },
  {
    files: ["**/*.{ts,js,svelte}"],
    plugins: { n: node },
    rules: { "n/no-extraneous-import": "error" },
  },
  { files: ["build/*.js"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  ...Object.entries(boundaries).map(([folder, forbidden]) => ({
    files: [`${folder}/**/*.{ts,svelte}`],
    rules: { "no-restricted-imports": ["error", { patterns: patterns(forbidden) }] },
  })),
);
