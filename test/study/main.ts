import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureByName, measures } from '../../src/relatedness';
import { costSection, measureCosts } from './cost';
import { observe } from './observe';
import { planJobs, quickJobs } from './plan';
import { agreementSection, chartOf, renderSection, sectionsOf, type Section } from './report';
import { scoreOf } from './scores';
import { structureNames } from './structures';

/** What scripts/relatednessStudy.mjs says. */
export interface StudyOrder {
  readonly trainScript: string;
  /** A structure, or `cost`; all without it. */
  readonly only?: string;
  /** The measures to study; all without it. */
  readonly measures?: readonly string[];
  readonly quick: boolean;
  /** Replicates. */
  readonly seeds: number;
  /** Where the scores go, as JSON. */
  readonly json: string;
  /** A Markdown file in which the tables are to be put between their marks, with a chart beside it. */
  readonly docs?: string;
}

const rounds = 3;

async function main(order: StudyOrder): Promise<number> {
  const known = [...structureNames, 'cost'];
  if (order.only !== undefined && !known.includes(order.only)) {
    console.error(`There is no part "${order.only}". Parts: ${known.join(', ')}.`);
    return 1;
  }
  const strange = order.measures?.find((name) => measureByName(name) === undefined);
  if (strange !== undefined) {
    console.error(`There is no measure "${strange}". Measures: ${measures.map(({ name }) => name).join(', ')}.`);
    return 1;
  }
  const structures = structureNames.filter((name) => order.only === undefined || order.only === name);
  const seeds = Array.from({ length: order.seeds }, (_, seed) => seed + 1);
  const jobs = order.quick
    ? quickJobs()
    : planJobs({ structures, seeds, ...(order.measures && { measures: order.measures }) });
  const began = performance.now();
  const { observations, learned } = await observe(jobs, {
    trainScript: order.trainScript,
    atOnce: os.availableParallelism(),
    onEnd: (ended) => tell(`${ended} of ${jobs.length} runs`),
  });
  const scores = observations.map(scoreOf);
  const costs =
    order.quick || (order.only !== undefined && order.only !== 'cost')
      ? []
      : await measureCosts(order.trainScript, rounds);
  tell('');
  const recovery = [...sectionsOf(scores), ...(order.quick ? [] : [agreementSection(observations)])].filter(
    ({ rows }) => rows.length > 0,
  );
  const cost = costs.length > 0 ? [costSection(costs)] : [];
  const text = [...recovery, ...cost].map(renderSection).join('\n\n');
  console.log(text);
  console.log(`\n${jobs.length} runs in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
  mkdirSync(path.dirname(order.json), { recursive: true });
  writeFileSync(order.json, `${JSON.stringify({ seeds, scores, costs, learned }, null, 1)}\n`);
  console.log(`Written: ${order.json}`);
  if (order.docs !== undefined) {
    if (recovery.length > 0) {
      putBetween(order.docs, 'recovery', recovery);
      writeFileSync(order.docs.replace(/\.md$/, '.svg'), chartOf(scores));
    }
    if (cost.length > 0) putBetween(order.docs, 'cost', cost);
  }
  return 0;
}

/** One line that is written over. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Puts sections between `<!-- name -->` and `<!-- end of name -->`. */
function putBetween(file: string, name: string, sections: readonly Section[]): void {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for the tables: ${from} and ${to}.`);
  const tables = sections.map(renderSection).join('\n\n');
  writeFileSync(file, `${text.slice(0, start + from.length)}\n\n${tables}\n\n${text.slice(end)}`);
}

void main(JSON.parse(process.argv[2]) as StudyOrder).then((code) => {
  process.exitCode = code;
});
