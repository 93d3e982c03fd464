// 拍一张 on the home page opens the camera at once; the report page finds the photo waiting.
import { keep, streetOf } from "./pending";

for (const door of document.querySelectorAll<HTMLElement>("[data-shoot]")) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  input.hidden = true;
  input.dataset.shootInput = "";
  door.after(input);
  door.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    input.click();
  });
  input.addEventListener("change", () => {
    const address = (door as HTMLAnchorElement).href;
    keep(streetOf(location.pathname), [...(input.files ?? [])])
      .catch(() => undefined) // no storage: the report page asks for the photo again
      .finally(() => location.assign(address));
  });
}
