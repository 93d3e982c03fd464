// What a page asks for when there is reason to hope; fetched only then.
export { sendAll } from "./run";
