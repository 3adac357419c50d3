/** A process that opens the home that it is given, to be killed while it does. */
import { openServices } from "../../main/services/open.ts";

openServices(process.argv[2]).close();
