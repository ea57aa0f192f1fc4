import { expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

// The check value of the CRC catalog (https://reveng.sourceforge.io/crc-catalogue/all.htm, CRC-32/ISO-HDLC).
it('gives the check value of CRC-32/ISO-HDLC', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

it('is 0 for no bytes', () => expect(crc32(new Uint8Array())).toBe(0));
