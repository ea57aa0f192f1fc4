import { FIELDS, FIELD_NAMES, GROUP_TITLES, type Field } from './fields.ts';
import { allowedValues } from './fieldText.ts';

/** Table of all settings for `--help`, by group: name, default, allowed values, help. */
export function settingsTable(): string {
  const rows = FIELD_NAMES.map((name) => {
    const field: Field = FIELDS[name];
    return { group: field.group, cells: [name, String(field.default), allowedValues(field), field.help] };
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map(({ cells }) => cells[column].length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`;
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) =>
    [title, ...rows.filter((row) => row.group === group).map(({ cells }) => line(cells))].join('\n'),
  );
  return groups.join('\n\n');
}
