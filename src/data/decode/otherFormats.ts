import { ascii, brandsOf, startsWith } from './bytes.ts';
import { unsupported, type Refusal } from './refusal.ts';

/** A format that isn't decoded here: its name, and what to do. */
type Format = readonly [magic: RegExp, name: string, remedy: string];

const SAVE_AS = 'Save it as JPEG, PNG or WebP to use it';
const DEVELOP = "Develop it with your camera's software, darktable or RawTherapee, and use that JPEG or TIFF";
const KEEP_BITS = 'Save it as PNG or TIFF to use it';
const VIEWER = 'Save it from its viewer as 16-bit PNG or TIFF to use it';
const SLICES = 'Save its slices as 16-bit PNG or as a TIFF stack to use them';
const FRAMES = 'Save some of its frames as JPEG or PNG, for example with ffmpeg, to use them';

const IMAGES: readonly Format[] = [
  [/^(II\*\0|MM\0\*).{4}CR/s, 'A camera RAW file', DEVELOP],
  [/^FUJIFILMCCD-RAW|^II(R\0|U\0|RO|RS|\x1a\0)|^MMOR|^FOVb/, 'A camera RAW file', DEVELOP],
  [/^8BPS/, 'A Photoshop document', KEEP_BITS],
  [/^(\0\0\0\fjP {2}|\xffO\xffQ)/, 'A JPEG 2000 image', KEEP_BITS],
  [/^P[1-7]\s/, 'A PPM image', SAVE_AS],
  [/^qoif/, 'A QOI image', SAVE_AS],
  [/^v\/1\x01/, 'An OpenEXR image', KEEP_BITS],
  [/^#\?RADIANCE/, 'A Radiance HDR image', KEEP_BITS],
  [/^DDS /, 'A DDS texture', SAVE_AS],
  [/^gimp xcf/, 'A GIMP document', SAVE_AS],
  [/^BPG\xfb/, 'A BPG image', SAVE_AS],
  [/^\0\0\x02\0/, 'A mouse cursor', SAVE_AS],
  // With a preamble of 128 bytes, else from its first elements: group 2 or 8, and how the value is written.
  [/^.{128}DICM|^[\x02\x08]\0[\0-\x20]\0(AE|CS|DA|LO|OB|PN|SH|TM|UI|UL)/s, 'A DICOM image', VIEWER],
  [/^(\x5c\x01\0\0|\0\0\x01\x5c).{340}n[i+][12]\0|^(\x1c\x02\0\0|\0\0\x02\x1c)n[i+]2\0/s, 'A NIfTI volume', SLICES],
  [/^SIMPLE {2}=/, 'A FITS image', KEEP_BITS],
  [/^(\x89HDF\r\n|CDF[\x01\x02])/, 'An HDF5 or NetCDF file', SLICES],
];

const NO_IMAGES: readonly Format[] = [
  [/^%PDF-/, 'a PDF document', 'Save its pages as PNG to use them'],
  [/^PK(\x03\x04|\x05\x06)/, 'a ZIP archive', 'Unpack it to use its images'],
  [/^(Rar!|7z\xbc\xaf|\x1f\x8b)/, 'an archive', 'Unpack it to use its images'],
  [/^(....(ftyp|moov|mdat|wide)|\x1aE\xdf\xa3|RIFF....AVI |\0\0\x01[\xba\xb3]|FLV\x01|0&\xb2u)/s, 'a video', FRAMES],
  [/^(ID3|OggS|fLaC|RIFF....WAVE)/s, 'sound', 'It has no images'],
];

/** Bytes that the patterns look at. */
const MAGIC_BYTES = 352;
/** A RAW file may be a TIFF with a preview in it: only its name tells. */
const RAW_NAME = /\.(3fr|arw|cr2|crw|dcr|dng|erf|iiq|kdc|mos|nef|nrw|orf|pef|raf|raw|rw2|sr2|srf|srw|x3f)$/i;

/** Refuses what is known but not decoded here, by its first bytes and its name; undefined for what may be decoded. */
export function refuseOther(head: Uint8Array, path: string): Refusal | undefined {
  const kinds = brandsOf(head);
  const isTiff = startsWith(head, [0x49, 0x49]) || startsWith(head, [0x4d, 0x4d]);
  if (kinds.includes('crx ') || (isTiff && RAW_NAME.test(path))) return refuseRaw();
  const start = ascii(head, 0, MAGIC_BYTES);
  const image = IMAGES.find(([magic]) => magic.test(start));
  if (image) return cannot([image[1], image[2]]);
  if (start.startsWith('\x1f\x8b') && /\.nii\.gz$/i.test(path)) return cannot(['A NIfTI volume', SLICES]);
  if (isText(head) && /<svg[\s>]/i.test(ascii(head, 0, head.length))) return cannot(['An SVG drawing', SAVE_AS]);
  return undefined;
}

/** Refuses a camera's own format. */
export function refuseRaw(): Refusal {
  return cannot(['A camera RAW file', DEVELOP]);
}

function cannot([name, remedy]: readonly [string, string]): Refusal {
  return unsupported(`${name} can't be decoded here. ${remedy}.`);
}

/** Says what a file holds that is no image. */
export function noImage(head: Uint8Array): Refusal {
  const known = NO_IMAGES.find(([magic]) => magic.test(ascii(head, 0, MAGIC_BYTES)));
  const detail = known
    ? `Holds ${known[1]}, not an image. ${known[2]}.`
    : `Holds ${describeUnknown(head)}, whatever its name says.`;
  return { reason: 'not-an-image', detail };
}

function describeUnknown(head: Uint8Array): string {
  if (isText(head)) return /^\s*<(!doctype html|html)/i.test(ascii(head, 0, 256)) ? 'a web page' : 'text';
  return head.every((byte) => byte === 0) ? 'nothing but zero bytes' : 'no known image format';
}

/** True without control characters other than tab, line feed, form feed and carriage return. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 12 || byte === 13);
}
