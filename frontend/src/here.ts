// Asking for what is near, once and in the body of a request; and passing an address on.
for (const form of document.querySelectorAll<HTMLFormElement>("[data-here]")) {
  if (!("geolocation" in navigator)) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    const [lng, lat] = [form.elements.namedItem("lng"), form.elements.namedItem("lat")] as HTMLInputElement[];
    if (!lng || !lat || lat.value) return;
    event.preventDefault();
    const send = (): void => {
      form.submit();
      lng.value = lat.value = "";
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        lng.value = String(coords.longitude);
        lat.value = String(coords.latitude);
        send();
      },
      send,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-share]")) {
  const { shareTitle: title = "", shareUrl: url = "", shareDone = "" } = button.dataset;
  const canCopy = "clipboard" in navigator;
  if (!("share" in navigator) && !canCopy) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    if ("share" in navigator) void navigator.share({ title, url }).catch(() => undefined);
    else
      void (navigator as Navigator).clipboard.writeText(url).then(() => {
        const words = button.querySelector("span");
        if (words) words.textContent = shareDone;
      });
  });
}
export {};
