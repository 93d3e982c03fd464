// A good deed that somebody tells of, kept on the phone and sent from there.
import { takeUp } from "./forms";
import { GoodDeedForm } from "./good_deed_form";

takeUp({ good_deed: GoodDeedForm });
