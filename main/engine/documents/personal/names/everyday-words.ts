/** Words that in a file name in lower case usually do not name a person. Written by us (docs/decisions/0039). */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Given names that without a capital are also words, months or products: not evidence by themselves. */
export const GIVEN_WORDS = words(`
amber april art august autumn basil berry bert bill bishop bob carol chance chase christian chuck clay cliff crystal daisy dale dawn dean dell dolly drew earl ernst
faith flora frank gene ginger glen grace grant hazel heath heather henna holly hope hunter iris ivy jack jade jasmin jasmine jean jewel john joy jude jules julia june
kitty lance laurel lily major mark mason max may melody mercedes miles mike misty nick norm olive opal otto page paris pascal pat patience pearl penny pepper pierce poppy
ray reed rich rob robin roman rosa rose rosemary ruby rusty sage sally sandy scarlet sierra sky star sue summer terry tiffany tony trinity ty victor viola violet wade
ward will wolfram woody
`);

/** Words that are not surnames after a given name: kinds of documents, and words that describe them. */
export const WORDS_OF_FILES = words(`
abrechnung abschrift agenda alt angebot anlage antwort antrag apr arbeitszeugnis archiv archive article artikel attachment aufsatz aug auszug
backup bericht bewerbung bild bilder book booklet brief briefe buch budget
calendar call chapter chat claim contract copy corrected course cover
data daten datei decision deck dez dec draft
email emails entwurf erklärung essay exam exhibit export
fall feb file files final folder form formular foto fotos fragebogen
guide gutachten
handbook handbuch handout heft
image images import info infos interview
jan jul jun
kalender kapitel kopie kündigung
lab labor lease lebenslauf letter letters list liste listing log logo
mahnung mail mai manual map mandat material mar meeting memo message minutes mrz
nachricht neu new nov notes notiz notizen
offer okt oct old order outline
page pages paper part pdf photo photos plan poster präsentation presentation profile profil proposal protocol protokoll prüfung
quote
raw readme receipt record records reference referenz reply report reports resume review revised
sample scan scans schedule schein script seite selfie sept sep sheet signed skript slides song speech spreadsheet statement story
table tabelle task teil template tests text thesis ticket timeline transcript trip
unterlagen update
version video visit vollmacht vortrag
will workshop
zeugnis zettel zip
`);
