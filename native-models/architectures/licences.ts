/** The licences of models, and what they ask of whoever shares a model that was made from another. */

/** Licences that the hub knows by these names. */
export const HUB_LICENCES: ReadonlySet<string> = new Set([
  ...["apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "openrail"],
  ...["gemma", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3"],
]);

/** Paragraphs on the duties of whoever shares a model that was made from `base`; `licence` as its files name it. */
export function licenceDuties(base: string, licence: string | null): string[] {
  const id = licence?.trim().toLowerCase() ?? "";
  const derived = `This model is derived from ${base}`;
  if (licence === null)
    return [`${derived}, whose files name no licence. Find out its terms before you share this model.`];
  if (/^(apache-2\.0|mit|bsd-3-clause|cc-by)/.test(id))
    return [
      `${derived}, under ${licence}. Whoever shares it passes on that licence and its notices, and says that the model was changed: it was fine-tuned, and layers were removed.`,
    ];
  if (id.startsWith("gemma"))
    return [
      `${derived}. Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms.`,
      "",
      "Whoever shares it passes on these terms with their use restrictions, keeps that notice, and says that the model was modified.",
    ];
  if (id.startsWith("llama"))
    return [
      `${derived}, under its community licence (${licence}). Whoever shares it passes on that licence, keeps its attribution notice, shows "Built with Llama", and begins the model's name with "Llama".`,
    ];
  return [
    `${derived}, under ${licence}. Read its terms before you share this model, pass them on, and say that the model was changed: it was fine-tuned, and layers were removed.`,
  ];
}
