/** The window's entry: the person's settings, then the shell. */
import { mount } from "svelte";
import App from "./App.svelte";
import { listenToErrors } from "./diagnostics/troubles.ts";
import { refusals } from "./refusals.svelte.ts";
import { settings } from "./settings/settings.svelte.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";

listenToErrors();
refusals.listen();
// Theme and language must be known before anything is drawn; if the settings cannot be read, the window uses the defaults.
await settings.open().catch((error: unknown) => console.error(error));
mount(App, { target: document.getElementById("app")! });
