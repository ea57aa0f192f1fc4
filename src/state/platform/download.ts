/** Time for the browser to take over the bytes, which it does within moments. */
const REVOKE_AFTER_MS = 60_000;

/** Saves a file to the folder of the browser's downloads. */
export function download(fileName: string, source: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(source);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER_MS);
}
