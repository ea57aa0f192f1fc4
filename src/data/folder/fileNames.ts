/** Files and folders that operating systems create, in lower case. */
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
 * Endings of image files, decodable or not, and of videos, whose frames people may mean. Files with other endings are skipped
 * silently; whether one of these holds an image is decided by its bytes.
 */
const IMAGE_ENDINGS = new Set(
  (
    'jpg jpeg jpe jfif pjpeg pjp png apng gif webp bmp dib avif avifs ico cur jxl ' +
    'heic heif hif heics tif tiff psd psb jp2 j2k jpf jpx jpm svg svgz ppm pgm pbm pnm pam tga qoi exr hdr dds xcf ' +
    'pcx bpg dcm dicom nii fits fit mp4 m4v mov avi mkv webm 3gp mpg mpeg wmv mts ' +
    'raw cr2 cr3 crw nef nrw arw sr2 srf dng orf rw2 raf pef srw x3f 3fr'
  ).split(' '),
);

/** True for hidden and system files and folders: a name that begins with a dot, `__MACOSX`, `Thumbs.db`, … */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase());
}

/**
 * True for files to skip silently: hidden ones, those in hidden folders, and those with an ending of no image format
 * (`notes.txt`, `photo.jpg.bak`). Names without an ending are not skipped.
 */
export function isIgnoredPath(path: string): boolean {
  const parts = path.split('/');
  return parts.some(isHiddenName) || !mayBeImageName(parts[parts.length - 1]);
}

function mayBeImageName(name: string): boolean {
  if (name.endsWith('~')) return false;
  if (/\.nii\.gz$/i.test(name)) return true;
  // Letters and digits behind the last dot; what follows them is no part of the ending ("a.jpg copy", "a.png?w=2").
  const ending = /\.([a-z0-9]+)[^.]*$/i.exec(name)?.[1]?.toLowerCase();
  // A number is no ending: "scan 10.42.17", "frame.0001".
  return ending === undefined || /^\d+$/.test(ending) || IMAGE_ENDINGS.has(ending);
}

/** Sorted by path, by UTF-16 code units: the same on every machine and in every language. */
export function sortPaths<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}
