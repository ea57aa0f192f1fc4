import type { Config } from '../fields.ts';

/** Published weights that a run can start from. Their files are fetched by the person; the page makes no request. */
export interface KnownStart {
  readonly id: string;
  readonly name: string;
  readonly trainedOn: string;
  /** Numbers in the file: weights, and with SlotCon those of both networks, their statistics and the momenta. */
  readonly numbers: number;
  /** Of the code or the page that they were published with. */
  readonly license: string;
  /** Page with the file. */
  readonly link: string;
  /** What to take there. */
  readonly file: string;
  /** Settings that they imply; what else fits is read from the file. */
  readonly settings: Partial<Config>;
}

const IMAGENET_TERMS = 'trained on ImageNet, whose images have terms of their own';
const SLOTCON = 'https://github.com/CVMI-Lab/SlotCon#pretrained-models';

const slotcon = (id: string, trainedOn: string, row: string): KnownStart => ({
  id,
  name: `SlotCon, ${trainedOn}`,
  trainedOn: `${trainedOn}, without labels`,
  numbers: 187_392_448,
  license: trainedOn.startsWith('ImageNet') ? `Apache 2.0; ${IMAGENET_TERMS}` : 'Apache 2.0',
  link: SLOTCON,
  file: `“full ckpt” in the row ${row} of the table: networks and prototypes; “backbone only” is the encoder alone`,
  settings: { arch: 'resnet50', width: 1, stages: 4, hiddenDim: 4096, outDim: 256, prototypes: 256, cropSize: 224 },
});

/** Depths with their weights, a classifier of 1000 classes included. */
const DEPTHS = [
  [18, 11_689_512],
  [34, 21_797_672],
  [50, 25_557_032],
] as const;

export const KNOWN_STARTS: readonly KnownStart[] = [
  slotcon('slotcon-coco-800', 'COCO, 800 epochs', 'COCO, 800'),
  slotcon('slotcon-imagenet-100', 'ImageNet-1K, 100 epochs', 'ImageNet-1K, 100'),
  slotcon('slotcon-imagenet-200', 'ImageNet-1K, 200 epochs', 'ImageNet-1K, 200'),
  ...DEPTHS.map(([depth, numbers]): KnownStart => ({
    id: `torchvision-resnet${depth}`,
    name: `torchvision ResNet-${depth}`,
    trainedOn: 'ImageNet-1K, with labels',
    numbers,
    license: `BSD 3-Clause; ${IMAGENET_TERMS}`,
    link: `https://pytorch.org/vision/stable/models/generated/torchvision.models.resnet${depth}.html`,
    file: 'the .pth that torchvision downloads, linked from the source there',
    settings: { arch: `resnet${depth}`, width: 1 },
  })),
  ...DEPTHS.map(([depth, numbers]): KnownStart => ({
    id: `timm-resnet${depth}`,
    name: `timm ResNet-${depth} (a1_in1k)`,
    trainedOn: 'ImageNet-1K, with labels',
    numbers,
    license: `Apache 2.0; ${IMAGENET_TERMS}`,
    link: `https://huggingface.co/timm/resnet${depth}.a1_in1k/tree/main`,
    file: 'model.safetensors',
    settings: { arch: `resnet${depth}`, width: 1 },
  })),
];

export function knownStart(id: string): KnownStart | undefined {
  return KNOWN_STARTS.find((one) => one.id === id);
}
