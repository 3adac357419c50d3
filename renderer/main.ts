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
// The theme and the language are known before anything is drawn; without them the window opens as it would be new.
await settings.open().catch((error: unknown) => console.error(error));
mount(App, { target: document.getElementById("app")! });
