import * as tf from '@tensorflow/tfjs-core';
import { isOneToOne, runsOf, sameEntries, type Layout, type Rows } from './layout';

/** A tensor that stands for one of `shape` per entry of a vector. */
export interface Spread<L extends Layout = Layout> {
  /** As it lies in memory: what `layout` says of `shape`. */
  readonly value: tf.Tensor;
  readonly shape: readonly number[];
  readonly layout: L;
}

/** Zero for every entry. */
export function nothing(shape: readonly number[]): Spread<Rows> {
  return { value: tf.zeros([0, ...shape]), shape, layout: { kind: 'rows', entries: [] } };
}

export function isNothing({ layout }: Spread): boolean {
  return layout.entries.length === 0;
}

/** The entries one after the other, each in full. */
export function asRows(spread: Spread): Spread<Rows> {
  const { value, shape, layout } = spread;
  if (layout.kind === 'rows') return { value, shape, layout };
  const entries = [...new Set(layout.entries.filter((entry) => entry >= 0))];
  const along = layout.entries.flatMap((entry) => Array.from({ length: layout.block }, () => entry));
  const mask = entries.flatMap((entry) => along.map((owner) => (owner === entry ? 1 : 0)));
  const sides = shape.map((size, axis) => (axis === layout.axis ? size : 1));
  const rows = tf.mul(tf.reshape(value, [1, ...shape]), tf.tensor(mask, [entries.length, ...sides]));
  return { value: rows, shape, layout: { kind: 'rows', entries } };
}

/** Rows with zeros for the entries that were not there, in the order of `entries`. */
export function placed({ value, shape, layout }: Spread<Rows>, entries: readonly number[]): Spread<Rows> {
  if (sameEntries(layout.entries, entries)) return { value, shape, layout };
  const positions = entries.map((entry) => layout.entries.indexOf(entry));
  const rest = shape.map(() => 0);
  const parts: tf.Tensor[] = [];
  let at = 0;
  while (at < positions.length) {
    if (positions[at] === -1) {
      const from = at;
      while (positions[at] === -1) at++;
      parts.push(tf.zeros([at - from, ...shape]));
    } else {
      const [{ start, length }] = runsOf(positions.slice(at));
      parts.push(tf.slice(value, [start, ...rest], [length, ...shape]));
      at += length;
    }
  }
  const whole = parts.length === 1 ? parts[0] : tf.concat(parts, 0);
  return { value: whole, shape, layout: { kind: 'rows', entries } };
}

/**
 * A diagonal whose blocks lie along a new first axis: [entries, ...before, block, ...behind]. It is what a sum over
 * the diagonal's axis starts from.
 */
export function blocksFirst({ value, shape, layout }: Spread): tf.Tensor | undefined {
  if (layout.kind !== 'diagonal' || !isOneToOne(layout)) return undefined;
  const { axis, block, entries } = layout;
  const apart = tf.reshape(value, [...shape.slice(0, axis), entries.length, block, ...shape.slice(axis + 1)]);
  const order = [axis, ...Array.from({ length: apart.rank }, (_, at) => at).filter((at) => at !== axis)];
  return tf.transpose(apart, order);
}
