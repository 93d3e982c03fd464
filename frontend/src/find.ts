// What a worker found and mended themselves, kept on the phone and sent from there.
import { FindForm } from "./find_form";
import { takeUp } from "./forms";

takeUp({ find: FindForm });
