// A claim of points, kept on the phone and sent from there.
import { ClaimForm } from "./claim_form";
import { takeUp } from "./forms";

takeUp({ claim: ClaimForm });
