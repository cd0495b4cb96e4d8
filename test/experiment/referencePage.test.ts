import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { referencePage } from '../../src/experiment/referencePage';
import { everyKey, everyMethod } from './shapes';

test('the committed reference page says what the schema says', () => {
  const committed = readFileSync(new URL('../../docs/reference/experiment-file.md', import.meta.url), 'utf8');
  expect(committed, 'Run `npm run docs:reference` and commit the page.').toBe(referencePage());
});

test('the example on the reference page has no problem', () => {
  const [, example] = /```yaml\n([^]*?)```/.exec(referencePage())!;
  expect(checkExperiment(example).problems).toEqual([]);
});

test('the reference page names every key and explains every method', () => {
  const page = referencePage();
  for (const { path } of everyKey()) expect(page).toContain(`\`${path.at(-1)}\``);
  for (const { name, details } of everyMethod) {
    expect(page).toContain(`: \`${name}\``);
    expect(page).toContain(details);
  }
});
