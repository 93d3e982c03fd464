// 拍一张 on the home page opens the camera at once; the photo waits in the phone's store for the report page.
import { finished, open, putWithItsOwner, say, STRICT, type Parcel, type Picture } from "./outbox/base";
import { recall } from "./outbox/recall";
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
  await recall();
  const here = who();
  if (!here) throw new Error("no street");
  const id = uuid7();
  const parcel: Parcel = {
    id, kind: "report", street: here.street, streetId: here.streetId, owner: here.person, state: "draft", fields: {}, title: "",
    shots: files.map((file) => ({ id: uuid7(), claims: { source: "none" }, size: file.size, sent: 0, raw: true })), madeAt: Date.now(), tries: 0, nextAt: 0, asked: false,
  };
  await putWhole(parcel, files);
  return id;
}

/** Put a new parcel away with its photos, whole or not at all. */
async function putWhole(parcel: Parcel, pictures: readonly Blob[]): Promise<void> {
  const bytes = await Promise.all(pictures.map((one) => one.arrayBuffer())); // bytes, not files: a camera's may vanish
  const work = (await open()).transaction(["parcels", "pictures", "visitors"], "readwrite", STRICT);
  putWithItsOwner(work, parcel);
  parcel.shots.forEach((shot, at) => work.objectStore("pictures").put({ bytes: bytes[at], type: pictures[at]?.type } as Picture, shot.id));
  await finished(work);
  say();
}
