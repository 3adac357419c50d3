/** English letters, medical reports, contracts and bank forms, with everything that is personal in them marked. */
import { marked } from "./marked-text.ts";
import { card, digits, grouped, iban, nationalInsurance, nhs, socialSecurity } from "./numbers.ts";
import { full, initialled, last, name, reversed } from "./world.ts";
import type { Person, World } from "./world.ts";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const two = (value: number) => String(value).padStart(2, "0");

function date(world: World, from = 2018, to = 2025): string {
  const [day, month, year] = world.date(from, to);
  const monthName = MONTHS[month - 1]!;
  return world.pick([
    `${two(day)}/${two(month)}/${year}`,
    `${day} ${monthName} ${year}`,
    `${monthName} ${day}, ${year}`,
    `${year}-${two(month)}-${two(day)}`,
    `${day} ${monthName.slice(0, 3)} ${year}`,
  ]);
}
const birth = (world: World) => marked("birth-date", date(world, 1931, 2012));
const title = (world: World, { isFemale }: Person) =>
  world.pick(isFemale ? ["Mrs", "Ms", "Mrs.", "Ms.", "Miss"] : ["Mr", "Mr."]);
const they = ({ isFemale }: Person) => (isFemale ? "She" : "He");
const health = (world: World) => marked("insurance", grouped(nhs(world.random), 3, 3, 4));
const address = (world: World, separator?: string) =>
  world.maybe() ? world.britishAddress(separator) : world.americanAddress(separator);
const phone = (world: World) => (world.maybe() ? world.britishPhone() : world.americanPhone());

function letter(world: World): string {
  const [sender, to, colleague] = [world.english(), world.english(), world.english()];
  return `${full(sender)}
${address(world)}
Phone: ${phone(world)}
Email: ${world.email(sender)}

${date(world)}

${world.pick([`${title(world, to)} `, ""])}${full(to)}
${address(world)}

Re: Invoice INV-${digits(world.random, 5)}

Dear ${title(world, to)} ${last(to)},

Thank you for your letter of ${date(world)}. Our records show that order 45-${digits(world.random, 4)} was delivered on Tuesday. I have asked ${title(world, colleague)} ${last(colleague)} in our Leeds office to look into the matter; ${last(colleague)} will call you before the end of May. The outstanding amount is £1,${digits(world.random, 3)}.50.
${world.maybe() ? `You can reach ${full(colleague)} at ${phone(world)} or ${world.email(colleague)}.` : `Please pay by transfer to ${marked("account", grouped(iban(world.random, "GB"), 4))}.`}
The warranty covers 24 months and Section 3 of the General Terms applies.

${world.pick(["Yours sincerely,", "Kind regards,", "Yours faithfully", "Best regards"])}

${full(sender)}
${world.pick(["Head of Accounts", "Customer Service Manager", "Managing Director"])}`;
}

function report(world: World): string {
  const [patient, physician, second] = [world.english(), world.english(), world.english()];
  return `DISCHARGE SUMMARY

${world.pick(["Patient", "Patient name", "Name"])}: ${world.pick([reversed, full])(patient)}
${world.pick(["DOB", "Date of birth"])}: ${birth(world)}
NHS number: ${health(world)}
Address: ${address(world, ", ")}
GP: Dr ${full(physician)}

Diagnosis: Crohn's disease, Parkinson's disease, Barrett's esophagus, history of Guillain-Barre syndrome.

History: ${title(world, patient)} ${last(patient)} is a 67-year-old retired teacher who was admitted on ${date(world)}. ${they(patient)} takes Coumadin 5 mg and Tylenol as needed. The Glasgow Coma Scale was 15 and the Babinski sign was absent. ${last(patient)} was seen by Dr. ${last(second)}, who suggested a Doppler study at St. Mary's Hospital. Haemoglobin was 13.2 g/dL and creatinine 88 µmol/L.

Plan: ${world.pick([`Follow-up with Dr. ${full(second)} in six weeks.`, `${title(world, patient)} ${full(patient)} (born ${birth(world)}) will return to the Mayo Clinic on ${date(world)}.`, `Please call the ward at ${phone(world)}.`])}
${world.maybe() ? `Next of kin: ${full(second)}, ${phone(world)}` : `Emergency contact: ${full(second)} (${phone(world)})`}

${world.pick([`Dictated by: ${full(physician)}, MD`, `Yours sincerely,\n\nDr ${full(physician)}\nConsultant Cardiologist`, `Signed: ${initialled(physician)}`])}`;
}

function contract(world: World): string {
  const [landlord, tenant, witness] = [world.english(), world.english(), world.english()];
  return `RESIDENTIAL LEASE AGREEMENT

This Agreement is made on ${date(world)} between ${full(landlord)}, residing at ${address(world, ", ")} ("Landlord"), and ${full(tenant)}, of ${address(world, ", ")} ("Tenant").

1. Premises. The Landlord lets the second floor of the Building together with the Garden and the Parking Space.

2. Rent. The Tenant shall pay $1,450.00 on the first day of each Month to account number ${marked("account", digits(world.random, 8 + world.random.integer(3), 1))}${world.maybe() ? `, sort code ${marked("account", `${digits(world.random, 2)}-${digits(world.random, 2)}-${digits(world.random, 2)}`)}` : ""}.

3. Notices. Notices to ${title(world, tenant)} ${last(tenant)} shall be sent to ${world.email(tenant)}. ${last(landlord)} may be reached at ${phone(world)}. This Agreement is governed by the laws of the State of Delaware and the Fair Housing Act.

4. Identification. ${world.maybe() ? `Tenant's Social Security number is ${marked("insurance", socialSecurity(world.random))}.` : `The Tenant's National Insurance number is ${marked("insurance", world.pick([(n: string) => n, (n: string) => grouped(n, 2)])(nationalInsurance(world.random)))}.`}

IN WITNESS WHEREOF, the parties have executed this Agreement.

Landlord: ${full(landlord)}
Tenant: ${full(tenant)}
Witness: ${full(witness)}`;
}

function bankForm(world: World): string {
  const person = world.english();
  return `ACCOUNT OPENING FORM

First name: ${name(person.given)}
${world.pick(["Last name", "Surname"])}: ${name(person.surname)}
Date of birth: ${birth(world)}
Home address: ${address(world, ", ")}
${world.pick(["Mobile", "Phone", "Tel"])}: ${phone(world)}
Email: ${world.email(person)}
${world.maybe() ? `SSN: ${marked("insurance", socialSecurity(world.random))}` : `National Insurance No: ${marked("insurance", nationalInsurance(world.random))}`}
${world.maybe() ? `EIN: ${marked("tax", `${digits(world.random, 2, 1)}-${digits(world.random, 7)}`)}` : `UTR: ${marked("tax", grouped(digits(world.random, 10, 1), 5))}`}
IBAN: ${marked("account", world.pick([(n: string) => n, (n: string) => grouped(n, 4)])(iban(world.random, "GB")))}
Account number: ${marked("account", digits(world.random, 8, 1))}
Card number: ${marked("account", grouped(card(world.random), 4))}
Policy number: ${marked("insurance", `HP-${digits(world.random, 7)}`)}

I authorise ${world.pick(["Harbour Savings Bank", "Meridian Insurance Ltd", "Northgate Utilities plc"])} to collect payments of $49.90 on the first of the month. Reference ${digits(world.random, 4)}, branch 112.

Account holder: ${full(person)}
Date: ${date(world)}
Signature: ${initialled(person)}`;
}

function mail(world: World): string {
  const [from, to, third] = [world.english(), world.english(), world.english()];
  return `From: ${full(from)} <${world.email(from)}>
To: ${full(to)} <${world.email(to)}>
Subject: Meeting on ${date(world)}

${world.pick(["Hi", "Dear", "Hello"])} ${name(to.given)},

the meeting with ${title(world, third)} ${last(third)} has moved to Wednesday at 2:30 pm. ${last(third)} will bring the papers of Northgate Utilities plc. Could you call ${name(third.given)} on ${phone(world)}?
${title(world, third)} ${full(third)} now lives at ${address(world, ", ")}.

${world.pick(["Best wishes", "Thanks,", "Kind regards,", "Cheers"])}
${world.pick([name(from.given), full(from)])}`;
}

function minutes(world: World): string {
  const people = Array.from({ length: 5 }, () => world.english());
  const [a, b, c, d, e] = people as [Person, Person, Person, Person, Person];
  return `Minutes of the meeting of ${date(world)}

${world.pick(["Present", "Attendees", "Participants"])}: ${full(a)}, ${full(b)}${world.pick([", ", " and "])}${full(c)}
Apologies: ${full(d)}
Minutes taken by ${full(e)}

1. Budget
${last(a)} presented the figures for March. ${full(b)} will speak to Northgate Utilities plc about the increase of 4.5%. ${name(c.given)} is to collect three quotes by Friday.

2. Any other business
${last(d)} is on leave until ${date(world)}; ${full(e)} will stand in. The keys are with ${title(world, b)} ${last(b)}. The warehouse has moved to ${address(world, ", ")}. Questions to ${world.email(a)} or ${phone(world)}.
A complaint by ${full(world.english())} is still open.`;
}

function roster(world: World): string {
  const rows = Array.from({ length: 4 }, (_, i) => {
    const person = world.english();
    return [
      String(i + 1),
      world.pick([full, reversed])(person),
      birth(world),
      phone(world),
      health(world),
      `${10 + world.random.integer(90)}.00`,
    ].join(" | ");
  });
  return `Members as of ${date(world)}

No. | Name | ${world.pick(["Date of birth", "DOB"])} | ${world.pick(["Phone", "Mobile"])} | NHS number | Fee
${rows.join("\n")}

Fees are collected at the end of each quarter. The Board thanks all Members.`;
}

function record(world: World): string {
  const [a, b, c] = [world.english(), world.english(), world.english()];
  return `INCIDENT RECORD ${digits(world.random, 5)}

On ${date(world)} ${full(a)} telephoned the office and asked to be called back (${phone(world)}). ${they(a)} had been approached by ${full(b)} in Baker Street. ${last(b)} stated that the papers were with Meridian Insurance Ltd.
According to ${title(world, c)} ${last(c)}, whose policy number is ${marked("insurance", `MI ${digits(world.random, 8)}`)}, the claim was submitted in July. ${title(world, c)} ${last(c)}, resident at ${address(world, ", ")}, was informed on ${date(world)}.
Case No. 1:20-cv-0${digits(world.random, 4)} remains open. Review: ${date(world)}.
Recorded by ${initialled(c)}`;
}

export const english: readonly ((world: World) => string)[] = [
  letter,
  report,
  contract,
  bankForm,
  mail,
  minutes,
  roster,
  record,
];
