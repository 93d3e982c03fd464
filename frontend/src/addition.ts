// What a reporter adds to what is in hand, and that it is still there: kept on the phone and sent from there.
import { AdditionForm } from "./addition_form";
import { takeUp } from "./forms";
import { takeUpStill } from "./still_there";

takeUp({ addition: AdditionForm });
takeUpStill();
