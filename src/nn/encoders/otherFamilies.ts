/**
 * Networks that are no encoders here, by names that only they have, in timm, torchvision or Hugging Face's transformers. The
 * first that matches counts.
 */
const OTHER_FAMILIES: readonly (readonly [name: RegExp, description: string])[] = [
  [/(layers|features)\.\d+\..*relative_position_bias_table$/, 'a Swin Transformer'],
  [/stages\.\d+(\.blocks|\.layers)?\.\d+\.(dwconv|conv_dw)\.|features\.\d+\.\d+\.layer_scale$/, 'a ConvNeXt'],
  [
    /(patch_embed\.proj|conv_proj|patch_embeddings\.projection)\.weight$|cls_token$|class_embedding$/,
    'a Vision Transformer (ViT)',
  ],
  [/attnpool\.|(^|\.)conv1\.0\.weight$/, 'a ResNet with a stem of three convolutions (ResNet-C, ResNet-D or CLIP)'],
  [/denseblock\d/, 'a DenseNet'],
  [/trunk_output\.|(^|\.)s1\.b1\.conv1\./, 'a RegNet'],
  [/(^|\.)conv_stem\.weight$|features\.\d+\.(\d+\.block|conv)\.\d/, 'an EfficientNet or a MobileNet'],
  [/(^|\.)features\.0\.weight$/, 'a VGG or an AlexNet'],
];

/** Describes the network that these names belong to; undefined if it is none of the table. */
export function otherFamily(names: Iterable<string>): string | undefined {
  const all = [...names];
  return OTHER_FAMILIES.find(([name]) => all.some((one) => name.test(one)))?.[1];
}
