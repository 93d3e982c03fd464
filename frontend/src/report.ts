// A report, kept on the phone and sent from there; and every form with photos that is not kept.
import { takeUp } from "./forms";
import { ReportForm } from "./report_form";

takeUp({ kept: ReportForm });
