/**
 * The process that tests one engine: `engineTest.js <engine>`. It prints the largest difference from the expected
 * figures as JSON, or what is wrong on standard error. It is a process of its own because an engine that does not fit
 * may take its process with it.
 */
import { testEngine } from '../program';
import { isEngineName } from './engines';

async function main(name: string | undefined): Promise<void> {
  if (!isEngineName(name)) throw new Error('Name an engine.');
  process.stdout.write(`${JSON.stringify({ difference: await testEngine(name) })}\n`);
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
