import { errorMessage } from '../../lib/errors.ts';
import type { SkippedFile } from '../../domain/images.ts';

/** Formats of files with one image. */
export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic' | 'ico' | 'jxl';

/** Reason why a file is skipped. */
export type Refusal = Omit<SkippedFile, 'path'>;

export function isRefusal(result: object): result is Refusal {
  return 'reason' in result;
}

export function corrupt(detail: string): Refusal {
  return { reason: 'corrupt', detail };
}

export function unsupported(detail: string): Refusal {
  return { reason: 'unsupported', detail };
}

export function truncated(bytes: Uint8Array): Refusal {
  const size = bytes.length.toLocaleString('en');
  return { reason: 'truncated', detail: `The file ends too early, after ${size} bytes. Copy or download it again.` };
}

/** Reports a file or folder that can't be opened or no longer exists. */
export function unreadable(path: string, thrown: unknown): SkippedFile {
  return { path, reason: 'unreadable', detail: `It can't be read (${errorMessage(thrown)}).` };
}
