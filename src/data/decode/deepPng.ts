import { decode } from 'fast-png';
import type { Orientation } from '../../domain/images.ts';
import { storedPixels, type StoredPixels } from './pixels/storedPixels.ts';

/** Decodes a PNG of 16 bits. */
export function decodeDeepPng(bytes: Uint8Array, orientation: Orientation): StoredPixels {
  const { width, height, channels, data } = decode(bytes);
  return storedPixels(data, {
    width,
    height,
    orientation,
    channels: channels as 1 | 2 | 3 | 4,
    deep: { opaque: 65535 },
  });
}
