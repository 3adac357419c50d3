/** Capitalised words that are not names of persons, where a name could be. */
import type { Gender } from "../found.ts";

const words = (list: string): string[] => list.trim().split(/\s+/);
const setOf = (list: string): ReadonlySet<string> => new Set(words(list));

/** Titles before a name, and the person's gender if they show it. */
export const TITLES: ReadonlyMap<string, Gender> = new Map<string, Gender>([
  ...words("herr herrn hr hrn mr mister pater").map((title) => [title, "m"] as const),
  ...words("frau fr mrs ms miss").map((title) => [title, "f"] as const),
  ...words(`dr ddr prof professorin mx rev reverend mmag dipl dkfm rechtsanwalt rechtsanwältin notar notarin oberarzt oberärztin chefarzt chefärztin
    assistenzarzt assistenzärztin stationsarzt stationsärztin hausarzt hausärztin facharzt fachärztin familie fam eheleute geb geborene née steuerberater steuerberaterin`).map(
    (title) => [title, null] as const,
  ),
]);
/** Titles that are everyday words or abbreviations too: the name after one has to begin with a known given name, or to be another title's. */
export const WEAK_TITLES = setOf(
  `patient patientin professor doctor doktor ra rain pd oa oä mag ing di univ priv prim bakk lic sir dame lady lord schwester bruder pfleger nurse sister brother richter richterin staatsanwalt staatsanwältin kollege kollegin kollegen`,
);
/** Parts of titles: "Dr. med. dent. h. c." */
export const TITLE_PARTS = setOf(
  `med dent vet rer nat jur iur phil theol techn soc habil h c ing oec pol univ mult dres lic und u and`,
);

/** Between given names and a surname. */
export const PARTICLES = setOf(
  `von vom van der den dem de del della di da dos du la le al el bin ibn ten ter af av`,
);

/** After these, a name is that of an organisation, a street, a place, a disease or a test: "Weber GmbH", "Crohn's disease". */
export const THING_WORDS =
  setOf(`gmbh mbh ag kg ohg gbr ug se ev e.v ggmbh kgaa inc ltd limited llc llp plc corp corporation company co group holding holdings bank sparkasse versicherung versicherungen
    foundation stiftung institute institut university universität college school schule gymnasium hospital hospitals klinik kliniken klinikum clinic clinics krankenhaus apotheke pharmacy praxis
    financial materials energy insurance pharmaceuticals entertainment centre center zentrum verlag verein association society gesellschaft partners partner associates consulting services solutions industries international trust fund fonds church kirche
    street straße strasse road avenue lane drive platz weg allee park house haus hotel airport stadium library museum award prize preis medal college laboratories labs systems technologies
    county city town village island river lake mountain valley beach bay bridge station district borough
    disease diseases syndrome syndromes disorder disorders anomaly malformation anemia anaemia dystrophy ataxia palsy paralysis neuropathy myopathy encephalopathy encephalitis thyroiditis lymphoma sarcoma tumor tumour carcinoma
    cancer leukemia leukaemia test tests sign signs scale scales score scores index criteria classification staging stage grade procedure operation surgery fracture contracture nodes nodules body bodies cell cells
    fever virus bacillus gland duct tube canal tract reflex maneuver manoeuvre method technique model law theorem effect equation formula number coefficient distribution analysis plot curve curves estimator estimate estimates
    phenomenon phenotype triad pouch hernia ulcer esophagus oesophagus deformity nevus naevus chorea hands stain agar syndrom krankheit erkrankung anomalie test zeichen skala score klassifikation
    kriterien reflex formel gesetz effekt verfahren methode operation fraktur lymphom anämie lähmung arthritis nephropathy deficiency type anomaly lesion lesions dementia glomerulonephritis inventory questionnaire interview survey`);
/** Before these: "Morbus Crohn", "St. Mary". */
export const EPONYM_BEFORE = setOf(
  `morbus m. saint sankt san santa mount lake fort port new north south east west lou`,
);

/** Never a part of a name. */
const NO_NAMES =
  setOf(`der die das den dem des ein eine einer einem einen und oder aber wenn als dass ist sind war waren hat haben wird werden wurde wurden nicht auch nach bei mit von vor für auf aus über unter zum zur im in an am es er sie wir ich ihr
    ihre ihrer ihren ihnen unser unsere unseren sein seine dieser diese dieses alle kein keine bitte danke vielen hiermit heute gestern seit bis sehr geehrte geehrter geehrten guten gute liebe hallo
    the a an and or but if when this that these those is are was were be been has have had would can could might must shall should not no yes he she it we they you i his her its our their your my who what which where why how
    of to in on at by for from with as into onto over under after before during since until about between dear hello hi please thank thanks yours sincerely regards all any each every some
    herr herrn frau fräulein damen herren dame mr mrs ms miss sir madam madame doktor doctor professor dr prof patient patientin patienten patients kollege kollegin richterin staatsanwalt staatsanwältin person personen people member members mitglied mitglieder team kollegen kolleginnen colleague colleagues
    customer customers client clients kunde kundin kunden kundinnen user users eltern parents freunde friends everyone everybody student students editor mutter vater mother father bruder schwester sohn tochter brother sister son daughter ehefrau ehemann
    arzt ärztin physician nurse practitioner mieter mieterin vermieter vermieterin käufer verkäufer tenant landlord buyer seller employer employee arbeitgeber arbeitnehmer auftraggeber auftragnehmer versicherter versicherte versicherungsnehmer versicherungsnehmerin
    kontoinhaber kontoinhaberin zeuge zeugin witness notar notarin rechtsanwalt rechtsanwältin lawyer attorney judge sekretariat verwaltung hausverwaltung geschäftsführer geschäftsführerin geschäftsführung abteilung department office büro
    name names vorname nachname familienname geburtsname address adresse anschrift straße strasse telefon telefax fax mobil handy phone email e-mail mail internet web datum date ort country unterschrift signature betreff subject
    geburtsdatum geboren born birth age geschlecht sex gender male female männlich weiblich beruf occupation diagnose diagnosen diagnosis anamnese befund befunde therapie therapy medikation medication procedere history examination assessment
    summary zusammenfassung einleitung introduction background methods results conclusion conclusions objective purpose discussion notes hinweis hinweise anlage anlagen seite section abschnitt paragraph absatz artikel article kapitel chapter
    vertrag vertrages agreement contract rechnung invoice konto account iban bic blz bank betrag amount summe total steuer tax versicherung insurance krankenkasse nummer number nr no kundennummer aktenzeichen zeichen reference ref
    deutschland österreich germany austria switzerland usa america american european deutsche deutschen united states kingdom europe europa
    neue neues alte klinik praxis station notaufnahme ambulanz hospital clinic health gesundheit service services center centre
    internal external intern extern general allgemein medical medizinisch medizin medicine legal federal national international state government ministry minister ministerium president präsident präsidentin kanzler kanzlerin
    god christus bible christian vitamin type typ grad stage phase gruppe group study studie trial test blut lunge lung liver niere kidney
    zustand verlauf aufnahme entlassung behandlung untersuchung operation schmerzen fieber treatment pain fever surgery admission discharge follow-up kontrolle wiedervorstellung labor laboratory
    freundliche freundlichen freundlicher grüße grüßen gruß beste besten herzliche herzlichen viele hochachtungsvoll mfg sehr terms conditions party parties partei parteien recitals whereas hereby witnesseth effective
    form formular text texte unknown unbekannt keine none n/a siehe see oben unten above below linke rechte linker rechter left right monat monate jahr jahre tage woche wochen month year days weeks uhr
    sachbearbeiter sachbearbeiterin ansprechpartner ansprechpartnerin bearbeiter bearbeiterin kontakt contact support leitung leiter leiterin manager director direktor direktorin head chief officer executive
    street road avenue lane drive court euro eur usd dollar dollars cent gbp`);

/** Everyday words that are surnames too. */
const EVERYDAY_SURNAMES =
  setOf(`januar februar märz april mai juni juli august september oktober november dezember january february march may june july october december
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag monday tuesday wednesday thursday friday saturday sunday
    will dank tag morgen lieber best kind alter land stadt place city page ward note plan day week herz heart gott christ jesus islam leber blood
    england scotland wales ireland english german french deutsch deutscher berliner schweiz north south east west nord süd ost new neu neuer alt old great links rechts`);

/** Endings of German nouns and medical terms; a word shorter than `SHORTEST_NOUN` may be a name all the same. */
const NOUN_ENDING =
  /(?:ungen|ung|heit|keit|schaft|schaften|tion|tionen|tät|täten|ismus|itis|pathie|logie|therapie|gramm|grafie|graphie|skopie|ämie|emia|aemia|tomie|ektomie|nummer|datum|befund|zustand|vertrag|konto|gesetz|ment|ness|tional|ology|opathy|ectomy|osis|oma|ship|gericht|stelle|straße|strasse|amt|kasse|zeit|srecht|preis|kosten|betrag|schein|buch|blatt|dienst|werk|sache|frist)$/;
const SHORTEST_NOUN = 7;

/**
 * The evidence that a word is a name. Weak: its place next to other words. Strong: a label, a greeting, a date of birth or a known given
 * name before it. Or a title before it.
 */
export type Evidence = "weak" | "strong" | "title";

/** Whether a capitalised word may be a part of a person's name. `key` is in lower case. */
export function mayBeName(key: string, evidence: Evidence): boolean {
  if (NO_NAMES.has(key)) return false;
  if (evidence === "title") return true;
  const isNoun = key.length >= SHORTEST_NOUN && NOUN_ENDING.test(key);
  return !THING_WORDS.has(key) && (evidence === "strong" || !(EVERYDAY_SURNAMES.has(key) || isNoun));
}

/** Whether a surname is more likely another word where no evidence shows that it is a name. */
export const isEverydayWord = (key: string): boolean => EVERYDAY_SURNAMES.has(key) || THING_WORDS.has(key);
