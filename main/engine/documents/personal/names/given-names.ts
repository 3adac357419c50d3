/** Given names that are usual in German and English texts, none of which is also an everyday word. Written by us (docs/decisions/0039). */

const LIST = `
aaron abigail achim adam adelheid adrian agnes ahmed alan albert alejandro aleksandra alena alessandro alex alexander alexandra alexis alfons alfred ali alice alicia alina alison allison almut alois amanda amelie amy ana andre andré andrea andreas andrew andrzej andy angela angelika angelina anika anita anja anke ann anna annabelle anne annegret anneliese annemarie annette annika anthony antje anton antonia antonio antonius armin arne arnold arthur ashley astrid axel ayse ayşe
barbara barry bastian beate beatrice beatrix ben benedikt benjamin bernadette bernard bernd bernhard bert berta bertha bertram bettina betty bianca birgit birgitta björn bob bodo boris brandon brenda brian brigitte britta bruce bruno burkhard
caitlin cameron camilla carina carl carla carlos carmen carol carolin carolina caroline carolyn carsten catherine cathrin cecilia celina charles charlotte chloe christa christel christiane christina christine christoph christopher cindy claire clara claudia claus clemens colin connor conrad constanze corinna cornelia craig cristina cynthia
dagmar daniel daniela danielle darren dave david dean debbie deborah debra denise dennis derek diana diane dieter dietmar dietrich dimitri dirk dominic dominik donald donna doris dorothea dorothee dorothy douglas duncan dylan
eberhard eckhard edgar edith edmund eduard edward edwin eileen elaine eleanor elena eleonore elfriede elias elisa elisabeth elise elizabeth elke ella ellen elmar elsa emil emilia emily emma emre enrico erhard eric erich erik erika erin ernst erwin esther ethan eugen eva evelyn ewa
fabian fatima fatma felix ferdinand fiona florian franceska frances francesca francesco francis franz franziska fred frederick frederik frida frieda friederike friedhelm friedrich fritz
gabi gabriel gabriele gareth gary gavin geoffrey georg george georgina gerald gerd gerda gerhard gerlinde gertrud gesa gillian giovanni gisela giulia giuseppe gordon graham greg gregor gregory greta gudrun guido günter günther gustav
hanna hannah hannelore hannes hanno hans harald harriet harry hartmut hasan hassan hedwig heather heide heidi heike heiko heiner heinrich heinz helen helena helene helga helge helmut hendrik henning henriette henry herbert heribert hermann hilda hilde hildegard holger holly horst howard hubert hugo hussein
ian ibrahim ilona ilse imke ines inga inge ingeborg ingo ingrid irene irina iris irmgard isaac isabel isabell isabella isabelle ismail ivan ivana
jacob jacqueline jake jakob james jamie jan jana jane janet janice janina jasmin jason jean jeanette jeff jeffrey jenna jennifer jenny jens jeremy jerome jessica jill joachim joan joanna joanne jochen joe joel johann johanna johannes john jonas jonathan jörg jörn josé josef joseph josephine joshua joyce juan judith judy julia julian juliane julie julius jürgen justin jutta
kai karen karin karina karl karla karoline karsten katarina katarzyna kate katharina katherine kathleen kathrin kathryn kathy katie katja katrin kay keith kelly kenneth kerstin kevin kim kirsten kirstin klara klaus konrad konstantin konstanze kristian kristin kristina kristine krzysztof kurt kyle
lara larissa lars laura lauren laurence lea leah lena leo leon leonard leonie leopold leslie liam liesel lilli lina linda lindsay linus lisa lorenz lothar louis louise lucas lucia lucy ludger ludwig luis luisa luise luka lukas luke lutz lydia
madeleine magdalena maja malte mandy manfred manuel manuela marc marcel marco marcus mareike margaret margarete margarethe margit margot margret maria marian marianne marie marina mario marion marita marius markus marlene marlies marta martha martin martina marvin mary mathias mathilde matteo matthew matthias maurice max maximilian maya megan mehmet meike melanie melissa michael michaela michelle miguel mike milena mira miriam mirjam mohamed mohammad mohammed monika moritz muhammad murat mustafa
nadia nadine nadja nancy naomi natalia natalie natascha nathalie nathan neil nele nicholas nick nicola nicolas nicole niels nigel nikolai nikolaus nils nina noah nora norbert norman
olaf oleg olga oliver olivia oskar osman oswald othmar otto owen
pablo pamela patricia patrick paul paula pauline pedro peggy peter petra phil philip philipp phillip pia piotr philippa
rachel rafael ralf ralph raphael rainer ramona raymond rebecca rebekka regina reiner reinhard reinhold renate rené ricarda richard rita robert roberto robin rodney roger roland rolf roman ronald ronja rosemarie rosemary roswitha roy rudi rudolf rupert russell ruth ryan
sabine sabrina sally salvatore sam samantha samuel sandra sara sarah sascha sean sebastian selina sergej sharon sheila shirley sibylle siegfried sigrid silke silvia simon simone sofia sofie sonja sophia sophie stacey stefan stefanie steffen steffi stephan stephanie stephen steve steven stuart susan susanna susanne suzanne svea sven svenja svetlana sybille sylvia
tamara tanja tania tara tatjana teresa thea theo theodor theresa therese thomas thorsten tim timo timothy tina tobias tom tomasz tommy toni tony torben torsten tracy trevor
udo ulf ulla ulrich ulrike ursula urte ute uwe
valentin valentina valerie vanessa vera verena veronica veronika vicky victor viktor viktoria vincent vivian vladimir volker volkmar
waldemar walter waltraud waltraut wanda wendy werner wiebke wilfried wilhelm willi william willy wilma winfried wladimir wolfgang wolfram
xaver yannick yasmin yusuf yvonne zoe zoey
`;

export const GIVEN_NAMES: ReadonlySet<string> = new Set(LIST.split(/\s+/).filter((name) => name !== ""));

/** Whether a word is one of them, or two with a hyphen: "Hans-Peter". */
export function isGivenName(key: string): boolean {
  return GIVEN_NAMES.has(key) || (key.includes("-") && key.split("-").every((part) => GIVEN_NAMES.has(part)));
}
