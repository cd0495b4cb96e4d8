// @ts-check
/**
 * Writes the tables of the examples, examples/data: made up, and the same at every call.
 *   node scripts/exampleData.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';

const folder = path.join(root, 'examples', 'data');

/**
 * Numbers uniform in [0, 1) (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
function createUniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * @param {number} seed
 * @returns {{ uniform: () => number, normal: () => number, normals: (length: number) => number[] }}
 */
function createSource(seed) {
  const uniform = createUniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, normals: (length) => Array.from({ length }, normal) };
}

/**
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 */
const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);

/** Flats in 40 districts. In each the rent follows the same eight features a little differently. */
function flats() {
  const { uniform, normal, normals } = createSource(1);
  const features = ['area', 'rooms', 'floor', 'age', 'distance', 'energy', 'light', 'noise'];
  const shared = normals(features.length);
  const rows = [];
  for (let district = 1; district <= 40; district++) {
    const own = shared.map((weight) => weight + 0.4 * normal());
    const level = 0.5 * normal();
    const count = 15 + Math.floor(20 * uniform());
    for (let flat = 0; flat < count; flat++) {
      const values = normals(features.length);
      const rent = 900 + 100 * (level + dot(own, values) + normal());
      rows.push([`d${String(district).padStart(2, '0')}`, ...values.map((value) => value.toFixed(2)), rent.toFixed(0)]);
    }
  }
  return [['district', ...features, 'rent'], ...rows];
}

/**
 * Machines with twelve sensors, which see how bad their bearing, motor and seal are through a smooth map. What is to be
 * predicted follows from the three, and is not known of every machine: wear is measured at 1 in 5, the fault is known of
 * 1 in 10.
 */
function machines() {
  const { uniform, normal, normals } = createSource(2);
  const parts = ['bearing', 'motor', 'seal'];
  const sensors = Array.from({ length: 12 }, (_, index) => `s${index + 1}`);
  const maps = sensors.map(() => ({ weights: normals(parts.length), shift: normal() }));
  const rows = Array.from({ length: 2000 }, () => {
    const damage = normals(parts.length);
    const seen = maps.map(({ weights, shift }) => Math.sin(1.5 * dot(weights, damage) + shift) + 0.3 * normal());
    const worst = Math.max(...damage);
    const wear = 50 + 10 * (dot(damage, [1, 1, 1]) + 0.5 * normal());
    const failed = worst + 0.2 * normal() > 0.8 ? 'yes' : 'no';
    return [
      ...seen.map((value) => value.toFixed(2)),
      uniform() < 0.2 ? wear.toFixed(1) : '',
      uniform() < 0.9 ? failed : '',
      uniform() < 0.1 ? parts[damage.indexOf(worst)] : '',
    ];
  });
  return [[...sensors, 'wear', 'failed', 'fault'], ...rows];
}

mkdirSync(folder, { recursive: true });
for (const [name, rows] of Object.entries({ flats: flats(), machines: machines() })) {
  const file = path.join(folder, `${name}.csv`);
  writeFileSync(file, rows.map((row) => `${row.join(',')}\n`).join(''));
  console.log(file);
}
