import { minus, shortValue, trimExponent } from '../common/shortValue';

export { shortValue };

/** Seven significant digits: float32 has no more. */
export function exactValue(value: number): string {
  if (!Number.isFinite(value) || value === 0) return shortValue(value);
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-6) return minus(trimExponent(value.toExponential(6)));
  return minus(String(Number(value.toPrecision(7))));
}

/** How many decimals a matrix needs whose values go as far from zero as this: two where that is one. */
export function decimalsFor(reach: number): number {
  return reach > 0 ? Math.max(2, 2 - Math.floor(Math.log10(reach) + 1e-9)) : 2;
}

/** More decimals than these are not counted by a reader: powers of ten are written instead. */
const mostDecimals = 5;

/** A value for a cell of a matrix or a table, with the same decimals in all cells. */
export function cellValue(value: number, decimals = 2): string {
  if (decimals > mostDecimals && Number.isFinite(value)) return value === 0 ? '0' : minus(value.toExponential(1));
  const size = Math.abs(value);
  if (size >= 10 || (size > 0 && size < 10 ** -decimals / 10)) return shortValue(Number(value.toPrecision(2)));
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** A whole number in groups of three digits. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A number and its noun. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds as a person says them: `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
