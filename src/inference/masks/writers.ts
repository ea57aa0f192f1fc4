import type { MaskFormId } from '../../domain/maskForms.ts';
import type { CreateMaskWriter } from './maskWriter.ts';

/** Code of each form, loaded when it is chosen. */
export const MASK_WRITERS: Readonly<Record<MaskFormId, () => Promise<CreateMaskWriter>>> = {
  png: async () => (await import('./forms/png.ts')).writePngs,
  'coco-rle': async () => (await import('./forms/coco.ts')).writeCocoRle,
  'coco-polygons': async () => (await import('./forms/coco.ts')).writeCocoPolygons,
  yolo: async () => (await import('./forms/yolo.ts')).writeYolo,
  voc: async () => (await import('./forms/voc.ts')).writeVoc,
  overlay: async () => (await import('./forms/overlay.ts')).writeOverlays,
};
