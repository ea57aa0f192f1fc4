/** Prefix and name of a ResNet's tensor as torchvision and timm spell it: `module.encoder_q.` and `layer1.0.conv1.weight`. */
const SPELLED = /^((?:.*?\.)??)((?:layer\d\.\d+\.)?(?:(?:conv|bn)\d|(?<=layer\d\.\d+\.)downsample\.[01])\.\w+)$/;

/** Hugging Face's ResNet: `embedder.embedder.convolution`, `encoder.stages.0.layers.0.layer.0.normalization`, `….shortcut.convolution`. */
const HUGGING_FACE: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [
    /\bencoder\.stages\.(\d)\.layers\.(\d+)\.layer\.(\d)\.(convolution|normalization)\./,
    (_, stage, block, layer, kind) => `layer${Number(stage) + 1}.${block}.${short(kind)}${Number(layer) + 1}.`,
  ],
  [
    /\bencoder\.stages\.(\d)\.layers\.(\d+)\.shortcut\.(convolution|normalization)\./,
    (_, stage, block, kind) => `layer${Number(stage) + 1}.${block}.downsample.${kind === 'convolution' ? 0 : 1}.`,
  ],
  [/\bembedder\.embedder\.(convolution|normalization)\./, (_, kind) => `${short(kind)}1.`],
];
const short = (kind: string): string => (kind === 'convolution' ? 'conv' : 'bn');

/** Positions of a ResNet's layers in `nn.Sequential(*list(resnet.children())[:-1])`, which many trainers wrap it in. */
const CHILDREN = new Map([
  ['0', 'conv1'],
  ['1', 'bn1'],
  ...[1, 2, 3, 4].map((stage) => [String(stage + 3), `layer${stage}`] as const),
]);
/** A tensor that only such a Sequential has. */
const FIRST_BLOCK = /^((?:.*\.)?)4\.0\.conv1\.weight$/;

/** A tensor's name in torchvision's spelling, and what stands before it in the file, such as `module.`. */
export interface SpelledName {
  readonly prefix: string;
  readonly name: string;
}

/** Spells the names of a file as torchvision does, each by its name in the file. Leaves out those of no ResNet. */
export function torchvisionNames(names: Iterable<string>): Map<string, SpelledName> {
  const all = [...names];
  const wraps = all.flatMap((name) => FIRST_BLOCK.exec(name)?.[1] ?? []);
  const spelled = new Map<string, SpelledName>();
  for (const name of all) {
    const wrap = wraps.find((one) => name.startsWith(one));
    const parts = SPELLED.exec(wrap === undefined ? unified(name) : ofChildren(name, wrap));
    if (parts) spelled.set(name, { prefix: parts[1], name: parts[2] });
  }
  return spelled;
}

function unified(name: string): string {
  return HUGGING_FACE.reduce((text, [pattern, by]) => text.replace(pattern, by), name);
}

function ofChildren(name: string, wrap: string): string {
  const [child, ...rest] = name.slice(wrap.length).split('.');
  return wrap + [CHILDREN.get(child) ?? child, ...rest].join('.');
}
