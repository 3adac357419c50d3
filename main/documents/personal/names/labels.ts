/** Words before or after a name that show that it is one. */

const each = (list: string): string[] => list.split(",").map((label) => label.trim().replace(/\s+/g, " "));
const setOf = (list: string): ReadonlySet<string> => new Set(each(list));

/**
 * What a field with such a label contains: a given name, a surname, a whole name; `loose`: a name of two words or with a title, or another
 * thing, such as after "Mutter: "; `list`: several names of two words.
 */
export type LabelKind = "given" | "surname" | "whole" | "loose" | "list";

const LABELS_OF: Readonly<Record<LabelKind, string>> = {
  given: `vorname, vornamen, rufname, first name, first names, given name, given names, forename, forenames, middle name`,
  surname: `nachname, familienname, zuname, geburtsname, surname, last name, family name, maiden name`,
  whole: `name des patienten, name der patientin, name des versicherten, name der versicherten, vor und nachname, vor und zuname, name vorname, nachname vorname, familienname vorname, vorname nachname, vorname name, vollständiger name, name
    des kontoinhabers, name des kindes, patient, patientin, pat, versicherter, versicherte, versicherte person, versicherungsnehmer, versicherungsnehmerin, kontoinhaber, kontoinhaberin, karteninhaber, karteninhaberin, antragsteller,
    antragstellerin, begünstigter, begünstigte, bevollmächtigter, bevollmächtigte, zahlungspflichtiger, hausarzt, hausärztin, behandelnder arzt, behandelnde ärztin, überweisender arzt, überweisende ärztin, arzt, ärztin, oberarzt,
    oberärztin, operateur, operateurin, anästhesist, anästhesistin, untersucher, untersucherin, pflegekraft, therapeut, therapeutin, mieter, mieterin, vermieter, vermieterin, verkäufer, verkäuferin, käufer, käuferin, arbeitnehmer,
    arbeitnehmerin, geschäftsführer, geschäftsführerin, zeuge, zeugin, unterzeichner, unterzeichnerin, sachbearbeiter, sachbearbeiterin, bearbeiter, bearbeiterin, ansprechpartner, ansprechpartnerin, ehegatte, ehefrau, ehemann,
    notfallkontakt, angehörige, angehöriger, betreuer, betreuerin, erblasser, erblasserin, erbe, erbin, darlehensnehmer, darlehensnehmerin, unterschrift, gezeichnet, patient name, name of patient, patients name, full name, name of
    insured, name of account holder, client name, customer name, employee name, name in full, account name, name on card, cardholder name, print name, printed name, account holder, cardholder, card holder, beneficiary, policyholder,
    policy holder, insured, insured person, subscriber, applicant, claimant, payee, guarantor, guardian, next of kin, emergency contact, spouse, physician, attending, attending physician, referring physician, primary care physician,
    consultant, gp, surgeon, anaesthetist, anesthesiologist, referring doctor, doctor, nurse, examiner, therapist, radiologist, pathologist, tenant, landlord, seller, buyer, purchaser, employee, employer, witness, signatory, signed,
    signature, case worker, case manager, adviser, advisor, borrower, lender, testator, executor, trustee, prepared by, reported by, signed by, dictated by, reviewed by, examined by, approved by, account manager, relationship manager,
    patientenname, versichertenname, kundenname, name des versicherungsnehmers, name der zeugin, name des zeugen, name des mieters, name vorname des versicherten, name vorname des patienten, name vorname der patientin, name vorname
    der versicherten`,
  loose: `name, von, an, from, to, cc, bcc, contact, contact person, kontakt, attn, attention, auftraggeber, auftraggeberin, auftragnehmer, auftragnehmerin, empfänger, empfängerin, zahlungsempfänger, zahlungsempfängerin, zahlungsempfänger
    in, zahlungspflichtige r, zahlungsbeteiligter, name zahlungsbeteiligter, auftraggeber empfänger, begünstigter auftraggeber, begünstigter zahlungspflichtiger, beguenstigter zahlungspflichtiger, absender, absenderin, recipient,
    sender, author, autor, autorin, firma, inhaber, inhaberin, arbeitgeber, vertreten durch, represented by, z hd, zu händen, c o, leitung, kläger, klägerin, beklagter, beklagte, plaintiff, defendant, client, customer, kunde, kundin,
    mandant, mandantin, owner, eigentümer, eigentümerin, title, kind, mutter, vater, child, mother, father`,
  list: `teilnehmer, teilnehmerin, teilnehmerinnen, teilnehmende, anwesend, anwesende, entschuldigt, abwesend, mitwirkende, verteiler, protokoll, protokollführer, protokollführerin, attendees, present, participants, apologies, absent, in
    attendance, members present, team, authors, minutes, chair, vorsitz`,
};
/** Labels of fields, in lower case without marks. */
export const LABELS: ReadonlyMap<string, LabelKind> = new Map(
  Object.entries(LABELS_OF).flatMap(([kind, list]) =>
    each(list).map((label) => [label, kind as LabelKind] as const),
  ),
);

/** "signed by Thekla Morgenrot", "vertreten durch Jost Brand": two words before a name of two words. */
export const DONE =
  setOf(`signed, represented, taken, recorded, submitted, filed, approached, informed, angesprochen, informiert, eingereicht, protokolliert, seen, examined, reviewed, prepared, witnessed, dictated, referred, written, accompanied, treated,
    vertreten, unterzeichnet, erstellt, untersucht, ausgestellt, diktiert, überwiesen, behandelt, geführt, verfasst, operiert, begleitet, bevollmächtigt`);
export const BY = setOf("by, durch, von");

/** Roles and relations, directly before a name of two words: "der Zeuge Jost Brand", "his wife Una Hill". English ones in lower case. */
const ROLES =
  setOf(`Kunde, Kundin, Mandant, Mandantin, Zeuge, Zeugin, Mieter, Mieterin, Tochter, Sohn, Ehefrau, Ehemann, Mutter, Vater, Bruder, Schwester, Mitarbeiter, Mitarbeiterin, Kollege, Kollegin, Patienten, Patientin, Nachbar, Nachbarin,
    Bewohner, Bewohnerin, Schüler, Schülerin, Versicherte, Versicherter, Antragsteller, Antragstellerin, Kläger, Klägerin, Beklagte, Beklagter, Angeklagte, Angeklagter, Geschädigte, Geschädigter, Beschuldigte, Beschuldigter,
    Geschäftsführer, Geschäftsführerin, Erblasser, Erblasserin, customer, client, witness, wife, husband, daughter, son, mother, father, sister, brother, colleague, neighbour, neighbor, patient, tenant, landlord, claimant, plaintiff,
    defendant, employee, nurse`);

/** Whether a word is a role, in any grammatical case: "Zeugen", "Klägers". */
export function isRole(word: string): boolean {
  if (!/^\p{Lu}.*[ns]$/u.test(word)) return ROLES.has(word);
  return ["", "n", "en", "s", "es"].some(
    (end) => word.endsWith(end) && ROLES.has(word.slice(0, word.length - end.length)),
  );
}

/** Before a name of two words: "between Thekla Morgenrot and …". */
export const BEFORE_NAME = setOf(
  `between, zwischen, namens, named, heiße, i, ich, wir, we, undersigned, reach, contact, ask, unterzeichnende, unterzeichnete, c/o`,
);

/** After a name of two words: "Thekla Morgenrot, geboren am …". */
export const AFTER_NAME = setOf(
  `geb, geboren, geborene, born, dob, wohnhaft, residing, aged, née, nee, hereinafter, nachfolgend, nachstehend, md, phd, frcp, frcs, mrcp, mbbs, rn, esq, dds, msc, bsc, jr, sr, facc`,
);

/** Ends of letters: the line below has a name. */
export const CLOSING =
  /^(?:mit )?(?:(?:freundlich|best|herzlich|viel|lieb|kollegial|schön|sonnig)\p{L}{0,5} (?:kollegial\p{L}{0,3} )?gr(?:ü|u|ue)(?:ß|ss)\p{L}{0,3}|(?:(?:with )?(?:my )?(?:kind|kindest|best|warm|warmest)[ ]?)?(?:regards|wishes)|yours(?: \p{L}{4,10})?|(?:sincerely|respectfully|cordially|faithfully)(?: yours| submitted)?|cheers|(?:many )?thanks|hochachtungsvoll|mfg|vg|lg|ihre?|gez|dein|deine|love|with (?:kind|best|many) \p{L}{3,10})[ ,.!]{0,3}(?:ihre?|dein|deine)?[ ,.]{0,2}$/iu;
/** The first words of a letter. */
export const GREETING =
  /^(?:dear|hi|hello|hey|lieber?|hallo|moin|servus|guten (?:tag|morgen)|good morning)(?!\p{L}) ?/iu;
/** Before the name in a signature: "gez. Weber", "i. A. Weber". */
export const SIGNED = /^(?:gez|ppa|i\. ?[AV])\. ?/iu;
