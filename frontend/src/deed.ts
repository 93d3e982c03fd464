// A worker's answer to a case, kept on the phone and sent from there.
import { DeedForm } from "./deed_form";
import { takeUp } from "./forms";

takeUp({ deed: DeedForm });
