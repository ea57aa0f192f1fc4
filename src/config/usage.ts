import { FIELDS, FIELD_NAMES, GROUP_TITLES, type Field } from './fields.ts';
import { allowedValues } from './fieldText.ts';
import { SLOTS_BY_LABEL, SLOTS_BY_NAMES, SLOTS_BY_STOPS } from './slotsBy.ts';

/** Table of all settings for `--help`: the knob, then by group name, default, allowed values, help. */
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
  const stops = SLOTS_BY_NAMES.map((name) => `  ${name.padEnd(8)}${SLOTS_BY_STOPS[name].description}`);
  const knob = [`${SLOTS_BY_LABEL} (slots-by): one of`, ...stops, '  Sets color jitter, gray and teacher temperature.'];
  return [knob.join('\n'), ...groups].join('\n\n');
}
