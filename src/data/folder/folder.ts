import { fnv1a } from '../../lib/random.ts';

/** What systems and programs leave behind in folders, in lower case. */
const SYSTEM_NAMES = new Set([
  '__macosx',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
]);

/**
 * Endings of names that are meant as pictures, readable or not. A file with another ending is passed over in silence;
 * whether one of these really holds a picture is decided by its bytes.
 */
const IMAGE_ENDINGS = new Set(
  (
    'jpg jpeg jpe jfif pjpeg pjp png apng gif webp bmp dib avif avifs ico cur jxl ' +
    'heic heif hif heics tif tiff psd psb jp2 j2k jpf jpx jpm svg svgz ppm pgm pbm pnm pam tga qoi exr hdr dds xcf ' +
    'pcx bpg raw cr2 cr3 crw nef nrw arw sr2 srf dng orf rw2 raf pef srw x3f 3fr'
  ).split(' '),
);

/** Hidden and system files and folders: a name that begins with a dot, `__MACOSX`, `Thumbs.db`, … */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase());
}

/**
 * Files that nobody means as pictures, not worth a line in a list: hidden ones, those in hidden folders, and those
 * whose name ends like something else (`notes.txt`, `photo.jpg.bak`). A name without an ending is given a try.
 */
export function isIgnoredPath(path: string): boolean {
  const parts = path.split('/');
  return parts.some(isHiddenName) || !mayBeImageName(parts[parts.length - 1]);
}

function mayBeImageName(name: string): boolean {
  if (name.endsWith('~')) return false;
  // Letters and digits behind the last dot; what follows them is no part of the ending ("a.jpg copy", "a.png?w=2").
  const ending = /\.([a-z0-9]+)[^.]*$/i.exec(name)?.[1]?.toLowerCase();
  // A number is no ending: "scan 10.42.17", "frame.0001".
  return ending === undefined || /^\d+$/.test(ending) || IMAGE_ENDINGS.has(ending);
}

/** Sorted by path, by UTF-16 code units: the same on every machine and in every language. */
export function sortPaths<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

/** A hash of paths and file sizes in their order, 8 hexadecimal digits: another set of images gets another one. */
export function datasetFingerprint(entries: readonly { readonly path: string; readonly size: number }[]): string {
  let hash = fnv1a('');
  for (const { path, size } of entries) hash = fnv1a(`${path}\0${size}\n`, hash);
  return hash.toString(16).padStart(8, '0');
}

/** Width and height of a working copy: the shorter side at most `workingSize`, never enlarged, at least 1 pixel. */
export function workingCopySize(width: number, height: number, workingSize: number): { width: number; height: number } {
  const scale = Math.min(1, workingSize / Math.min(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
