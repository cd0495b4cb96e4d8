/** Four significant digits, without trailing zeros: what fits beside a curve. */
export function shortValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return minus(trimExponent(value.toExponential(3)));
  return minus(String(Number(value.toPrecision(4))));
}

/** A power of ten without the zeros before it and its plus. */
export function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, 'e').replace('e+', 'e');
}

/** With the sign for minus, where there was a hyphen. */
export function minus(text: string): string {
  return text.replaceAll('-', '−');
}
