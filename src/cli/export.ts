import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { writeNpy } from '../checkpoint/exports/npy.ts';
import { EXPORT_FORMATS } from '../checkpoint/formats.ts';
import { writeState } from '../checkpoint/state.ts';
import { readFolder } from '../data/folder.node.ts';
import { openDawn } from '../gpu/dawn.node.ts';
import { UserError } from '../lib/errors.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine, ENGINE_NAMES, type EngineName } from '../ops/createEngine.ts';
import { createModel } from '../slotcon/model.ts';
import { embedImages } from '../trainer/embed.ts';
import { loadCheckpoint, writeChunks } from './checkpointFile.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';
import { showImages } from './progress.ts';

/** Needs images and a device, so it is no format like the others. */
const EMBEDDINGS = 'embeddings-npy';

const USAGE = `Usage: npm run export -- --checkpoint FILE --to FORMAT --out FILE
  FILE is a checkpoint of slotcon-tab or of SlotCon's published code. FORMAT is one of
${EXPORT_FORMATS.map(({ id, purpose }) => `    ${id.padEnd(15)} ${purpose}`).join('\n')}
    ${EMBEDDINGS.padEnd(15)} A row for each image of --images DIR: the mean of the teacher's features; names in a .txt beside.
  --engine compiled|eager  what computes the embeddings (default compiled)`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
    images: { type: 'string' },
    engine: { type: 'string', default: 'compiled' },
  });
  const { checkpoint: path, to, out, images } = values;
  if (path === undefined || to === undefined || out === undefined) {
    throw new UsageError('--checkpoint, --to and --out are needed.');
  }
  const id = oneOf('--to', to, [...EXPORT_FORMATS.map((format) => format.id), EMBEDDINGS] as const);
  const engineName = oneOf('--engine', values.engine, ENGINE_NAMES);
  if ((id === EMBEDDINGS) !== (images !== undefined)) throw new UsageError(`--images goes with --to ${EMBEDDINGS}.`);
  const checkpoint = loadCheckpoint(path);
  if (images === undefined) {
    writeChunks(out, EXPORT_FORMATS.find((format) => format.id === id)!.write(checkpoint));
  } else await writeEmbeddings(checkpoint, images, out, engineName);
});

async function writeEmbeddings(
  { config, tensors }: Checkpoint,
  folder: string,
  out: string,
  engineName: EngineName,
): Promise<void> {
  const { source, skipped } = await readFolder(folder, config.workingSize);
  showImages(source.name, source.count, skipped);
  if (source.count === 0) {
    throw new UserError('dataset/empty', `None of the files in "${folder}" is a usable image: choose another folder.`);
  }
  const adapter = await openDawn();
  const engine = createEngine(adapter, engineName);
  const model = createModel(engine, config, createRandom(config.seed));
  writeState(engine, model, tensors, { optimizer: 'optional' });
  const data = await embedImages(engine, model, source);
  writeChunks(out, writeNpy({ dtype: 'F32', shape: [source.count, data.length / source.count], data }));
  const names = Array.from({ length: source.count }, (_, index) => `${source.path(index)}\n`);
  writeChunks(`${out.replace(/\.npy$/, '')}.txt`, [new TextEncoder().encode(names.join(''))]);
}
