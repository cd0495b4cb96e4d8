import { engineChoices, type EngineChoice } from '../experiment/engine';
import { UsageError } from './errors';

export const engineList = `${engineChoices.slice(0, -1).join(', ')} or ${engineChoices.at(-1) ?? ''}`;

/** @throws UsageError where there is no such engine. */
export function parseEngine(word: string | undefined): EngineChoice | undefined {
  const found = engineChoices.find((name) => name === word);
  if (word === undefined || found !== undefined) return found;
  throw new UsageError(`Unknown engine "${word}". Use ${engineList}.`);
}
