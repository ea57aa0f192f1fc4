import { classLabel, listClasses, type PrototypeClasses } from '../../domain/classes.ts';
import type { RegionForm, RegionTable } from '../../domain/regions.ts';
import { writeCsv } from './csv.ts';
import { writeCvat } from './cvat.ts';
import { writeFiftyOne } from './fiftyOne.ts';
import { writeParquet } from './parquet.ts';
import type { Chunks, WriteRegions } from './regionForm.ts';

const FORMS: Readonly<Record<RegionForm, { readonly fileName: string; readonly write: WriteRegions }>> = {
  parquet: { fileName: 'regions.parquet', write: writeParquet },
  csv: { fileName: 'regions.csv', write: writeCsv },
  fiftyone: { fileName: 'regions.fiftyone.json', write: writeFiftyOne },
  cvat: { fileName: 'regions.cvat.zip', write: writeCvat },
};

export const regionFileName = (form: RegionForm): string => FORMS[form].fileName;

/** Writes a table as a file of a form, in chunks. `onWritten` gets the number of regions that were written so far. */
export function exportRegions(
  form: RegionForm,
  table: RegionTable,
  classes: PrototypeClasses,
  onWritten: (regions: number) => void = () => undefined,
): Chunks {
  const names: string[] = [];
  for (const one of listClasses(classes, table.origin.prototypes)) {
    for (const prototype of one.prototypes) names[prototype] = classLabel(one);
  }
  return FORMS[form].write({ table, names, onWritten });
}
