import create, { type Libheif } from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import { storedPixels, type StoredPixels } from './pixels/storedPixels.ts';

let library: Libheif | undefined;

/** Decodes the primary image of a HEIC or HEIF file with libheif, which turns it upright by itself. */
export async function decodeHeic(bytes: Uint8Array): Promise<StoredPixels> {
  const lib = (library ??= create());
  const context = lib.heif_context_alloc();
  try {
    const read = lib.heif_context_read_from_memory(context, bytes);
    if (read.code !== lib.heif_error_code.heif_error_Ok) throw new Error(read.message);
    const handle = lib.heif_js_context_get_primary_image_handle(context);
    if ('message' in handle) throw new Error(handle.message);
    try {
      return await decodePixels(lib, handle);
    } finally {
      lib.heif_image_handle_release(handle);
    }
  } finally {
    lib.heif_context_free(context);
  }
}

async function decodePixels(lib: Libheif, handle: object): Promise<StoredPixels> {
  const { heif_colorspace_RGB: rgb } = lib.heif_colorspace;
  const decoded = await lib.heif_js_decode_image2(handle, rgb, lib.heif_chroma.heif_chroma_interleaved_RGBA);
  if ('message' in decoded) throw new Error(decoded.message);
  try {
    const pixels = decoded.channels.find(({ id }) => id === lib.heif_channel.heif_channel_interleaved);
    if (!pixels) throw new Error('it has no pixels');
    const { width, height, stride, data } = pixels;
    // A copy: the memory moves when the module needs more of it.
    const copy = new Uint8Array(width * height * 4);
    for (let row = 0; row < height; row++)
      copy.set(data.subarray(row * stride, row * stride + width * 4), row * width * 4);
    return storedPixels(copy, { width, height, channels: 4, orientation: 1 });
  } finally {
    lib.heif_image_release(decoded.image);
  }
}
