import type { EncodePicture } from '../report/pictures.ts';

/** Encodes pixels on a canvas. */
export const encodePicture: EncodePicture = async ({ width, height, data }, format, maxSide) => {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const bitmap = await createImageBitmap(new ImageData(data, width, height), {
    resizeWidth: across,
    resizeHeight: down,
    resizeQuality: 'high',
  });
  const canvas = new OffscreenCanvas(across, down);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: `image/${format}`, quality: 0.8 });
  return `data:image/${format};base64,${base64(new Uint8Array(await blob.arrayBuffer()))}`;
};

/** Bytes that one call turns into characters: arguments are limited. */
const CHUNK = 8192;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
