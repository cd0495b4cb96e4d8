import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureByName, measures } from '../../src/relatedness';
import { costSection, measureCosts } from './cost';
import { observe, type Job } from './observe';
import { jobsOf, type Wanted } from './plan';
import { agreementSection, chartOf, renderSection, sectionsOf, trainingsSection, type Section } from './report';
import { scoreOf } from './scores';
import { structureNames } from './structures';

/** What scripts/relatednessStudy.mjs says. */
export interface StudyOrder extends Wanted {
  readonly trainScript: string;
  /** Replicates. */
  readonly seeds: number;
  /** Where the scores go, as JSON. */
  readonly json: string;
  /** A Markdown file in which the tables are to be put between their marks, with a chart beside it. */
  readonly docs?: string;
}

const rounds = 3;

async function main(order: StudyOrder): Promise<number> {
  const seeds = Array.from({ length: order.seeds }, (_, seed) => seed + 1);
  const byTraining = order.only === 'trainings';
  const jobs = jobsOf(order, seeds);
  const complaint = complaintOf(order, jobs);
  if (complaint !== undefined) {
    console.error(complaint);
    return 1;
  }
  const began = performance.now();
  const { observations, learned } = await observe(jobs, {
    trainScript: order.trainScript,
    // Such runs train their networks side by side themselves.
    atOnce: byTraining ? 1 : os.availableParallelism(),
    onEnd: (ended) => tell(`${ended} of ${jobs.length} runs`),
  });
  const scores = observations.map(scoreOf);
  const withCosts = !order.quick && [undefined, 'cost'].includes(order.only);
  const costs = withCosts
    ? await measureCosts(order.trainScript, rounds, (name) => order.measures?.includes(name) ?? true)
    : [];
  tell('');
  const sections: Readonly<Record<string, readonly Section[]>> = {
    recovery: byTraining ? [] : [...sectionsOf(scores), ...(order.quick ? [] : [agreementSection(observations)])],
    trainings: byTraining ? [trainingsSection(scores)] : [],
    cost: withCosts ? [costSection(costs)] : [],
  };
  const told = Object.entries(sections).filter(([, own]) => own.some(({ rows }) => rows.length > 0));
  console.log(told.map(([, own]) => own.map(renderSection).join('\n\n')).join('\n\n'));
  console.log(`\n${jobs.length} runs in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
  mkdirSync(path.dirname(order.json), { recursive: true });
  writeFileSync(order.json, `${JSON.stringify({ seeds, scores, costs, learned }, null, 1)}\n`);
  console.log(`Written: ${order.json}`);
  if (order.docs === undefined) return 0;
  for (const [name, own] of told) putBetween(order.docs, name, own);
  if (sections.recovery.some(({ rows }) => rows.length > 0))
    writeFileSync(order.docs.replace(/\.md$/, '.svg'), chartOf(scores));
  return 0;
}

function complaintOf({ only, measures: asked = [] }: StudyOrder, jobs: readonly Job[]): string | undefined {
  const parts = [...structureNames, 'recovery', 'cost', 'trainings'];
  if (only !== undefined && !parts.includes(only)) return `There is no part "${only}". Parts: ${parts.join(', ')}.`;
  const strange = asked.find((name) => measureByName(name) === undefined);
  if (strange !== undefined) {
    return `There is no measure "${strange}". Measures: ${measures.map(({ name }) => name).join(', ')}.`;
  }
  return jobs.length > 0 || only === 'cost' ? undefined : `No run of this part records ${asked.join(' or ')}.`;
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
