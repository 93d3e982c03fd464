// Scanning with the camera where the browser can; typing works everywhere. The picture never leaves the phone.
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type MakesDetectors = new (options: { formats: string[] }) => Detector;

const detectors = (window as unknown as { BarcodeDetector?: MakesDetectors }).BarcodeDetector;

async function scan(form: HTMLFormElement, button: HTMLButtonElement, words: HTMLElement | null): Promise<void> {
  const place = form.querySelector<HTMLElement>("[data-scanner]");
  const video = place?.querySelector("video");
  const field = form.querySelector<HTMLInputElement>("input[name=code]");
  if (!detectors || !place || !video || !field) return;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    if (words) words.textContent = button.dataset.wordsNone ?? "";
    return;
  }
  place.hidden = false;
  button.hidden = true;
  await video.play();
  const detector = new detectors({ formats: ["qr_code"] });
  const stop = (): void => {
    for (const track of (video.srcObject as MediaStream).getTracks()) track.stop();
    place.hidden = true;
  };
  const look = async (): Promise<void> => {
    const [found] = await detector.detect(video).catch(() => []);
    if (!found) {
      requestAnimationFrame(() => void look());
      return;
    }
    field.value = new URL(found.rawValue, location.href).searchParams.get("code") ?? found.rawValue;
    stop();
    form.requestSubmit();
  };
  void look();
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-scan-form]")) {
  const button = form.querySelector<HTMLButtonElement>("[data-scan]");
  if (!button || !detectors || !("mediaDevices" in navigator)) continue;
  button.hidden = false;
  button.addEventListener("click", () => void scan(form, button, form.querySelector("[data-scan-words]")));
}
