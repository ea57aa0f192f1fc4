import { SAMPLE_SCENES } from '../../config/presets.ts';
import { readFolder, type FolderImages } from '../../data/folder/readFolder.node.ts';
import { sampleScenes } from '../../data/scenes/samples.ts';
import { showImages } from './progress.ts';

/** Reads the images of a folder and prints which files were skipped; without a folder, draws the sample scenes. */
export async function readImages(dir: string | undefined, workingSize: number): Promise<FolderImages> {
  const { count, seed } = SAMPLE_SCENES;
  if (dir === undefined) return { source: sampleScenes(count, seed), skipped: [], notes: [], different: count };
  const read = await readFolder(dir, workingSize);
  showImages(read.source.name, read.source.count, read.skipped);
  return read;
}
