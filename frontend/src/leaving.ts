// Whoever signs out leaves nothing of theirs on the phone: it goes as the form goes, whatever page comes after.

export function whenLeaving(forget: () => void): void {
  document.addEventListener("submit", ({ target }) => {
    if (/\/sign-out\/(everywhere\/)?$/.test((target as HTMLFormElement).action)) forget();
  });
}
