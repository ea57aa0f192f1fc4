/** The parts of libheif-js that are used; its types leave out this build. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  interface HeifChannel {
    readonly id: unknown;
    readonly width: number;
    readonly height: number;
    /** Bytes from row to row. */
    readonly stride: number;
    /** Lies in the memory of the module. */
    readonly data: Uint8Array;
  }
  interface HeifFailure {
    readonly code: unknown;
    readonly message: string;
  }
  interface HeifPixels {
    readonly image: object;
    readonly channels: readonly HeifChannel[];
  }
  export interface Libheif {
    readonly heif_error_code: { readonly heif_error_Ok: unknown };
    readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
    readonly heif_channel: { readonly heif_channel_interleaved: unknown };
    heif_context_alloc(): object;
    heif_context_free(context: object): void;
    heif_context_read_from_memory(context: object, bytes: Uint8Array): HeifFailure;
    heif_js_context_get_primary_image_handle(context: object): object | HeifFailure;
    heif_image_handle_release(handle: object): void;
    heif_image_release(image: object): void;
    heif_js_decode_image2(
      handle: object,
      colorspace: unknown,
      chroma: unknown,
    ): Promise<HeifPixels | HeifFailure> | HeifPixels | HeifFailure;
  }
  export default function create(): Libheif;
}
