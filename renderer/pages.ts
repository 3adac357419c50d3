/** The component of each page, loaded when it is first shown. */
import type { Component } from "svelte";
import type { Page, PageProps } from "./routes.ts";

/** A page without parameters in its address takes no props. */
type Loading<P extends Page> = () => Promise<{
  default: Component<PageProps<P>> | Component<Record<string, never>>;
}>;

export const pages: { [P in Page]: Loading<P> } = {
  library: () => import("./library/LibraryPage.svelte"),
  model: () => import("./wizard/ModelPage.svelte"),
  data: () => import("./wizard/DataPage.svelte"),
  target: () => import("./wizard/TargetPage.svelte"),
  dataSets: () => import("./data-sets/DataSetsPage.svelte"),
  questions: () => import("./questions/QuestionsPage.svelte"),
  trim: () => import("./wizard/TrimPage.svelte"),
  result: () => import("./wizard/ResultPage.svelte"),
  compare: () => import("./compare/ComparePage.svelte"),
  chat: () => import("./chat/ChatPage.svelte"),
  settings: () => import("./settings/SettingsPage.svelte"),
  licences: () => import("./settings/LicencesPage.svelte"),
};
