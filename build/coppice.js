#!/usr/bin/env node
// The repository's `coppice` command (npx coppice): runs the command line on the required Node.
process.argv.splice(2, 0, "main/cli.ts");
await import("./run.js");
