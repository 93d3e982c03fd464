// 拍一张 on the home page opens the camera at once; the photo waits in the phone's store for the report page.
import { addShot, put, type Parcel } from "./outbox/store";
import { who } from "./outbox/who";
import { uuid7 } from "./uuid7";

for (const door of document.querySelectorAll<HTMLAnchorElement>("[data-shoot]")) {
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
    keep([...(input.files ?? [])])
      .then((id) => location.assign(`${door.href}?parcel=${id}`))
      .catch(() => location.assign(door.href)); // no storage: the report page asks for the photo again
  });
}

async function keep(files: File[]): Promise<string> {
  const here = who();
  if (!here) throw new Error("no street");
  const id = uuid7();
  const parcel: Parcel = {
    id, kind: "report", street: here.street, streetId: here.streetId, owner: here.person, state: "draft", fields: {}, title: "",
    shots: [], madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
  };
  await put(parcel);
  for (const file of files) {
    await addShot(id, { id: uuid7(), claims: { source: "none" }, size: file.size, sent: 0, raw: true }, file);
  }
  return id;
}
