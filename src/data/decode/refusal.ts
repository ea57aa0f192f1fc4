import { errorMessage } from '../../lib/errors.ts';
import type { SkippedFile } from '../../domain/images.ts';

/** The formats that browsers decode. */
export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif' | 'ico' | 'jxl';

/** Why a file is left out. */
export type Refusal = Omit<SkippedFile, 'path'>;

export function isRefusal(result: object): result is Refusal {
  return 'reason' in result;
}

export function corrupt(detail: string): Refusal {
  return { reason: 'corrupt', detail };
}

export function truncated(bytes: Uint8Array): Refusal {
  const size = bytes.length.toLocaleString('en');
  return { reason: 'truncated', detail: `The file ends too early, after ${size} bytes. Copy or download it again.` };
}

/** A file or folder that is there and can't be opened, or isn't there any more. */
export function unreadable(path: string, thrown: unknown): SkippedFile {
  return { path, reason: 'unreadable', detail: `It can't be read (${errorMessage(thrown)}).` };
}
