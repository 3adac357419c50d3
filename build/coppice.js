#!/usr/bin/env node
// The `coppice` command of the repository (npx coppice): the command line on the Node that it needs.
process.argv.splice(2, 0, "main/cli.ts");
await import("./run.js");
