/** Words of `hueShortfalls`. */
export const HUE_WORDS = 8;

/**
 * 8-bit HSV, to the bit what Pillow's 32-bit floats make of it, in whole numbers that floats hold exactly: quotients of
 * those, with a half added above, are far enough from the next whole number for any division that WGSL allows. The table
 * holds `hueShortfalls` from number `shortfalls` on.
 */
export function hueCode(shortfalls: number): string {
  return `
// 255 a turn; exact, but for the hues that 32-bit floats put just below a whole step.
fn hueOf(levels: vec3f, value: f32, chroma: f32) -> i32 {
  let fromRed = levels.y - levels.z;
  var sixths = select(4.0 * chroma + levels.x - levels.y, 2.0 * chroma + levels.z - levels.x, levels.y == value);
  sixths = select(sixths, select(fromRed, 6.0 * chroma + fromRed, fromRed < 0.0), levels.x == value);
  let hue = floor((85.0 * sixths + 0.5) / (2.0 * chroma));
  let whole = hue * 2.0 * chroma == 85.0 * sixths;
  let number = i32(hue);
  let short = (table[${shortfalls}u + u32(number >> 5u)] >> (u32(number) & 31u)) & 1u;
  return number - select(0, i32(short), whole);
}

fn turned(levels: vec3f, shift: u32) -> vec3f {
  let value = max(levels.x, max(levels.y, levels.z));
  let chroma = value - min(levels.x, min(levels.y, levels.z));
  let saturation = floor((255.0 * chroma + 0.5) / max(value, 1.0));
  let hue = f32((hueOf(levels, value, max(chroma, 1.0)) + i32(shift)) & 255);
  let sector = floor((2.0 * hue + 0.5) * (1.0 / 85.0));
  let along = 2.0 * hue - 85.0 * sector;
  let low = value - floor((2.0 * value * saturation + 255.0) * (1.0 / 510.0));
  // Rises through an even sector, falls through an odd one.
  let odd = sector == 1.0 || sector == 3.0 || sector == 5.0;
  let part = select(85.0 - along, along, odd);
  // value · saturation/255 · part/85, rounded; never a half.
  let numerator = 2.0 * value * saturation * part + 21675.0;
  var drop = floor(numerator * (1.0 / 43350.0));
  let rest = numerator - 43350.0 * drop;
  drop += select(0.0, 1.0, rest >= 43350.0) - select(0.0, 1.0, rest < 0.0);
  // Green is where red was two sectors ago, blue four.
  var place = sector + vec3f(0.0, 4.0, 2.0);
  place = abs(select(place, place - 6.0, place >= vec3f(6.0)) - 2.5);
  let between = select(vec3f(low), vec3f(value - drop), place > vec3f(1.0));
  return select(levels, select(between, vec3f(value), place > vec3f(2.0)), chroma > 0.0);
}
`;
}

/**
 * One bit for every 8-bit hue: whether colors exactly on that step come out one lower, because Pillow's 32-bit floats
 * fall short of it. Which do depends on the hue alone: a chroma of 85, which reaches every step, covers all.
 */
export function hueShortfalls(): Uint32Array {
  const words = new Uint32Array(HUE_WORDS);
  for (let hue = 0; hue < 255; hue++) {
    // The nearest of red (0 and 6), green (2) and blue (4), and how far beyond it.
    const primary = 2 * Math.round(hue / 85);
    const beyond = 2 * hue - 85 * primary;
    const along = Math.fround((85 - Math.abs(beyond)) / 85);
    const sixths = (primary % 6) + (beyond < 0 ? along - 1 : 1 - along);
    const counted = Math.trunc(Math.fround((Math.fround(sixths) / 6 + 1) % 1) * 255);
    if (counted < hue) words[hue >> 5] |= 1 << (hue & 31);
  }
  return words;
}
