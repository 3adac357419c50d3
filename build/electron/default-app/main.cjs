"use strict";
// `electron [-r module]… [switches] app [arguments]`: what Electron's own default app does, which the fallback lacks.
const { app } = require("electron");
const Module = require("node:module");
const { existsSync, readFileSync, statSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const preloaded = [];
const words = process.argv.slice(1);
while (words.length > 0 && words[0].startsWith("-")) {
  const word = words.shift();
  if (word === "-r" || word === "--require") preloaded.push(words.shift());
}
if (words.length === 0) {
  console.error("usage: electron [-r module] app [arguments]");
  process.exit(2);
}

const target = resolve(words[0]);
const folder = packageFolder(statSync(target).isDirectory() ? target : dirname(target));
if (folder) {
  const { name, productName, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (version) app.setVersion(version);
  if (productName ?? name) app.setName(productName ?? name);
  app.setAppPath(folder);
}
if (!app.commandLine.hasSwitch("user-data-dir"))
  app.setPath("userData", join(app.getPath("appData"), app.getName()));

// A script finds its own arguments where `node script arguments` puts them.
process.defaultApp = true;
process.argv = [process.argv[0], target, ...words.slice(1)];
Module._preloadModules(preloaded);
try {
  Module._load(Module._resolveFilename(target, module, true), module, true);
} catch (error) {
  console.error(error);
  process.exit(1);
}

function packageFolder(start) {
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return undefined;
  }
}
