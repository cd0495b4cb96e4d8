import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { allCases } from './cases';
import { measureCase, type CaseResult } from './measure';
import { reportCase } from './report';

/** What scripts/bench.mjs says. */
export interface BenchOrder {
  readonly worker: string;
  readonly programs: string;
  readonly trainScript: string;
  readonly table: string;
  readonly generated: string;
  readonly only?: string;
  readonly quick: boolean;
  readonly seconds?: number;
  /** Where the results go, as JSON. */
  readonly json: string;
}

/** Cases whose single measurement is long. */
const withoutWarmth: readonly string[] = ['run', 'data', 'pairs'];

async function main(order: BenchOrder): Promise<number> {
  const python = process.env.MTL_TEST_PYTHON ?? 'python3';
  const cases = allCases({ ...order, python }, order.quick);
  const chosen = cases.filter(({ name }) => order.only === undefined || name === order.only);
  if (chosen.length === 0) {
    console.error(`There is no case "${order.only}". Cases: ${cases.map(({ name }) => name).join(', ')}.`);
    return 1;
  }
  const machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores, ${os.platform()} ${os.arch()}`;
  const load = os.loadavg()[0];
  console.log(`${machine}, load ${load.toFixed(1)} at the start. One thread where nothing else is said.`);
  const effort = { seconds: order.seconds ?? (order.quick ? 0.5 : 5), warm: order.quick ? 2 : 10 };
  const results: CaseResult[] = [];
  for (const one of chosen) {
    const result = await measureCase(one, withoutWarmth.includes(one.name) ? { ...effort, warm: 0 } : effort);
    results.push(result);
    console.log(reportCase(result));
  }
  const versions = Object.assign({}, ...results.map((result) => result.versions)) as Record<string, string>;
  console.log(
    `\n${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  );
  mkdirSync(path.dirname(order.json), { recursive: true });
  writeFileSync(order.json, `${JSON.stringify({ machine, load, versions, results }, null, 2)}\n`);
  console.log(`Written: ${order.json}`);
  return 0;
}

void main(JSON.parse(process.argv[2]) as BenchOrder).then((code) => {
  process.exitCode = code;
});
