// Rounded numbers for reading; titles have the exact ones.

/** About three significant digits: 5.176, 0.0123, 1.2e-5. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3) return value.toExponential(1);
  if (size >= 1000) return formatCount(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** As short as possible, with enough digits to tell it from a value one `increment` away: 0.8, 0.955, 1e-5. */
export function formatTick(value: number, increment: number): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(increment) - 1e-9));
  if (value !== 0 && digits > 4) return Number(value.toPrecision(2)).toExponential();
  return String(Number(value.toFixed(digits + 1)));
}

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 12,345 */
export function formatCount(value: number): string {
  return COUNT.format(value);
}

/** 3 images · 1 image */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** 42 s · 3 min 20 s · 2 h 05 min */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** For estimates: 40 s · 12 min · 3 h · 5 days */
export function formatRoughDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 95) return `${Math.max(1, seconds < 10 ? Math.round(seconds) : 10 * Math.round(seconds / 10))} s`;
  if (seconds < 5700) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${formatCount(seconds / 86_400)} days`;
}

/** 0.83 GFLOP · 44 TFLOP */
export function formatGflop(gflop: number): string {
  const [value, unit] = gflop >= 1000 ? [gflop / 1000, 'TFLOP'] : [gflop, 'GFLOP'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}

/** 340 kB · 12 MB · 0.75 GB */
export function formatBytes(bytes: number): string {
  const [value, unit] = bytes >= 5e8 ? [bytes / 1e9, 'GB'] : bytes >= 5e5 ? [bytes / 1e6, 'MB'] : [bytes / 1e3, 'kB'];
  return `${value < 100 ? Number(value.toPrecision(2)) : formatCount(value)} ${unit}`;
}

/** One decimal below 10. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '–';
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

export function formatPercent(fraction: number): string {
  const percent = 100 * fraction;
  if (percent > 0 && percent < 1) return '<1%';
  return `${Math.round(percent)}%`;
}
