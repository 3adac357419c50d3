/** The window's entry: styles, then the shell. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";

mount(App, { target: document.getElementById("app")! });
