import { isTorchFile } from '../torch/torchFile.ts';
import { quoted } from '../torch/zipEntries.ts';
import type { FileHead } from './fileHead.ts';

/** A kind of file that no run can start from. */
interface ForeignKind {
  is(file: FileHead): boolean;
  /** What it is, for "The file is …". */
  readonly what: string | ((file: FileHead) => string);
  /** What helps, a sentence or two. */
  readonly remedy: string;
}

const CHOOSE = 'Choose a .pth or .safetensors file of PyTorch.';
const MADE_FROM = 'Such files are only written here. Choose the .pth or .safetensors file it was made from.';
const UNPACK = 'Unpack it, and choose the .pth or .safetensors file inside.';
const FROM_TENSORFLOW =
  'Encoders here are ResNets of PyTorch: take one of torchvision or timm, as .pth or .safetensors.';

/** Compressed files by their first bytes. */
const PACKED: readonly (readonly [magic: string, kind: string])[] = [
  ['\x1f\x8b', 'gzip (.gz, .tgz)'],
  ['7z\xbc\xaf\x27\x1c', '7-Zip (.7z)'],
  ['BZh', 'bzip2 (.bz2)'],
  ['\xfd7zXZ\0', 'xz (.xz)'],
  ['\x28\xb5\x2f\xfd', 'Zstandard (.zst)'],
  ['Rar!', 'RAR (.rar)'],
];
const IMAGES: readonly (readonly [magic: string, at: number, kind: string])[] = [
  ['\xff\xd8\xff', 0, 'JPEG'],
  ['\x89PNG', 0, 'PNG'],
  ['GIF8', 0, 'GIF'],
  ['WEBP', 8, 'WebP'],
  ['II*\0', 0, 'TIFF'],
  ['MM\0*', 0, 'TIFF'],
  ['BM', 0, 'BMP'],
  ['ftyp', 4, 'HEIC, AVIF or a video'],
];
const packing = ({ has }: FileHead): string | undefined => PACKED.find(([magic]) => has(magic))?.[1];
const imageKind = ({ has, text }: FileHead): string | undefined =>
  text === undefined ? IMAGES.find(([magic, at]) => has(magic, at))?.[2] : undefined;

/** Ends the index of a TensorFlow checkpoint, a table of LevelDB. */
const LEVELDB = '\x57\xfb\x80\x8b\x24\x75\x47\xdb';
const WEIGHTS = /\.(pth|pt|tar|ckpt|bin|safetensors)$/i;
/** Entry of a file of torch.save, which is a zip archive itself. */
const TORCH_ENTRY = /^[^/]+\/data\.pkl$/;

const holds = ({ zip }: FileHead, name: RegExp): boolean => zip?.some((one) => name.test(one)) ?? false;
const firstLine = ({ text = '' }: FileHead): string => quoted(text.trim().split(/[\r\n]/)[0]);
const titleOf = ({ text = '' }: FileHead): string => {
  const title = /<title[^>]*>\s*([^<]*?)\s*</i.exec(text)?.[1];
  return title ? `, ${quoted(title)}` : '';
};

/** The first kind that fits counts. */
export const FOREIGN_KINDS: readonly ForeignKind[] = [
  { is: ({ bytes }) => bytes.length === 0, what: 'empty', remedy: 'Copy or download it again.' },
  {
    is: ({ text = '' }) => /^\s*<(!doctype html|html|head|!--)/i.test(text),
    what: (file) => `a web page${titleOf(file)}, saved in place of the weights`,
    remedy:
      'Open its address in the browser, sign in where it asks to, and use the download link of the file itself ("raw").',
  },
  {
    is: ({ has }) => has('version https://git-lfs'),
    what: 'a Git LFS pointer: the weights themselves were not downloaded',
    remedy: 'Run "git lfs pull" in its folder.',
  },
  {
    is: ({ text = '' }) => /^\s*\{/.test(text) && text.includes('"weight_map"'),
    what: 'the index of a model in several files (model.safetensors.index.json)',
    remedy:
      'Choose a file with all weights; save_pretrained(FOLDER, max_shard_size="100GB") of transformers merges them into one.',
  },
  {
    is: ({ text = '' }) => /^\s*[{[]/.test(text),
    what: 'JSON, such as the settings of a model',
    remedy: 'Choose the weights beside it, a .pth or .safetensors file.',
  },
  {
    is: (file) => holds(file, /^[^/]+\/constants\.pkl$/) && holds(file, /^[^/]+\/code\//),
    what: 'a TorchScript model, which holds code beside the weights',
    remedy: 'Take the weights out of it: torch.save(torch.jit.load(FILE, "cpu").state_dict(), NEW_FILE).',
  },
  {
    is: (file) => holds(file, /(^|\/)(archive_format|serialized_exported_program\.json)$/),
    what: 'a program of torch.export (.pt2)',
    remedy: 'Take the weights out of it: torch.save(torch.export.load(FILE).state_dict, NEW_FILE).',
  },
  {
    is: ({ zip }) => (zip?.length ?? 0) > 0 && (zip?.every((name) => name.endsWith('.npy')) ?? false),
    what: 'a collection of NumPy arrays (.npz)',
    remedy:
      'Save them as tensors: torch.save({name: torch.from_numpy(array) for name, array in numpy.load(FILE).items()}, NEW_FILE).',
  },
  { is: (file) => holds(file, /^model\.weights\.h5$/), what: 'a model of Keras (.keras)', remedy: FROM_TENSORFLOW },
  {
    is: (file) => file.zip !== undefined && !holds(file, TORCH_ENTRY),
    what: ({ zip = [] }) => {
      const [first = ''] = [...zip.filter((name) => WEIGHTS.test(name)), ...zip];
      return `a zip archive of ${zip.length} files, such as ${quoted(first)}`;
    },
    remedy: UNPACK,
  },
  {
    is: (file) => packing(file) !== undefined,
    what: (file) => `compressed with ${packing(file)}`,
    remedy: UNPACK,
  },
  { is: ({ has }) => has('ustar', 257), what: 'a tar archive, around other files', remedy: UNPACK },
  {
    is: ({ has }) => has('\x89HDF\r\n\x1a\n'),
    what: 'HDF5 (.h5), as Keras and TensorFlow save',
    remedy: FROM_TENSORFLOW,
  },
  {
    is: ({ has, bytes }) => has('\x08\x01\x12') || isGraph(bytes),
    what: 'a model of TensorFlow (.pb)',
    remedy: FROM_TENSORFLOW,
  },
  {
    is: ({ has, bytes }) => has(LEVELDB, bytes.length - 8) || has('model_checkpoint_path:'),
    what: 'part of a checkpoint of TensorFlow',
    remedy: FROM_TENSORFLOW,
  },
  { is: ({ has }) => has('TFL3', 4), what: 'a model of TensorFlow Lite (.tflite)', remedy: FROM_TENSORFLOW },
  {
    is: ({ has }) => has('\x93NUMPY'),
    what: 'one NumPy array (.npy)',
    remedy: `An encoder consists of many, by name. ${CHOOSE}`,
  },
  { is: ({ has }) => has('GGUF'), what: 'GGUF, a format of language models', remedy: CHOOSE },
  { is: ({ has }) => has('\x08') && has('\x12', 2), what: 'an ONNX model', remedy: MADE_FROM },
  {
    is: ({ has, bytes }) => has('\x80') && bytes[1] <= 5 && !isTorchFile(bytes),
    what: 'a plain Python pickle, such as a model for detectron2 (.pkl)',
    remedy: MADE_FROM,
  },
  {
    is: (file) => imageKind(file) !== undefined,
    what: (file) => `an image (${imageKind(file)})`,
    remedy: `Images are read as a folder or a selection of files, and no model is in them. ${CHOOSE}`,
  },
  { is: ({ has }) => has('%PDF'), what: 'a PDF document', remedy: CHOOSE },
  {
    is: ({ text }) => text !== undefined,
    what: (file) => `text that begins with ${firstLine(file)}`,
    remedy: `It may be a server's answer in place of the file: download it again. ${CHOOSE}`,
  },
];

/** A GraphDef begins with a node, which begins with its name and its operation. */
function isGraph(bytes: Uint8Array): boolean {
  const name = bytes.subarray(4, 4 + bytes[3]);
  return (
    bytes[0] === 0x0a &&
    bytes[2] === 0x0a &&
    bytes[4 + bytes[3]] === 0x12 &&
    name.every((byte) => byte > 0x20 && byte < 0x7f)
  );
}
