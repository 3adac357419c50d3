/** The folders that browsers and Office save beside a page, with its scripts, pictures and advertisements: "Offer_files" beside "Offer.html". */
import { EXTENSIONS, extensionOf } from "../../../preload/contract/data/data-files.ts";

/** What such a folder's name ends with, in the languages of Windows. */
const ENDING = new RegExp(
  `^(.+)(?:${"_files,.files,-Dateien,_archivos,_fichiers,_bestanden,_file,-filer,_tiedostot,_pliki,_soubory,_elemei,_ficheiros,_arquivos,_dosyalar,_datoteke,_fitxers,_failid,_fails,_bylos,_fajlovi,_fitxategiak".split(",").join("|").replace(/\./g, "\\.")})$`,
);

/** The names of files, with "/" between folders: returns for each the folder of a saved page that it is in, or undefined. */
export function foldersOfPages(names: readonly string[]): (name: string) => string | undefined {
  const isPage = (name: string) => EXTENSIONS.html.includes(extensionOf(name));
  const pages = new Set(names.filter(isPage).map((name) => name.slice(0, -extensionOf(name).length)));
  return (name) => {
    for (let end = -1; (end = name.indexOf("/", end + 1)) >= 0;) {
      const page = ENDING.exec(name.slice(0, end))?.[1];
      if (page !== undefined && pages.has(page)) return name.slice(0, end);
    }
    return undefined;
  };
}
