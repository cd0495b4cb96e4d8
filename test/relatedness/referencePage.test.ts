import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measures } from '../../src/relatedness';
import { relatednessPage } from '../../src/relatedness/referencePage';

const pageOf = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('the committed page says what the measures say', () => {
  expect(pageOf('reference/relatedness.md'), 'Run `npm run docs:reference` and commit the page.').toBe(
    relatednessPage(),
  );
});

test('the page explains every measure, and its links lead somewhere', () => {
  const page = relatednessPage();
  const headings = page.match(/^### .*$/gm)!.map((heading) =>
    heading
      .slice(4)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replace(/\s/g, '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
  expect(links).toHaveLength(measures.length);
  for (const link of links) expect(headings).toContain(link);
  for (const { details } of measures) expect(page).toContain(`${details}\n`);
  for (const { cost } of measures) expect(page).toContain(cost.formula);
});

test('the words of the overview are names of measures and of groupings', () => {
  const known = new Set(measures.map(({ name }): string => name));
  const rows = [...pageOf('relatedness.md').matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, name]) => name);
  expect(rows.length).toBeGreaterThan(5);
  for (const name of rows) expect(known).toContain(name);
});
