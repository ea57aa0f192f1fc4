import { expect, it } from 'vitest';
import { FIELD_NAMES } from './fields.ts';
import { settingsTable } from './usage.ts';

it('has a line for every setting, with default, range and help', () => {
  const lines = settingsTable().split('\n');
  for (const name of FIELD_NAMES) expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1);
  expect(lines.find((line) => line.startsWith('  prototypes '))).toMatch(
    /prototypes +256 +2 to 4096 \(prototypes\) +Number of/,
  );
});
