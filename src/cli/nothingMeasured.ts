import { measureByName, stepMeasuresOf, trainedMeasuresOf } from '../relatedness';
import type { ReadRun } from '../runs/read';
import { hasEnded, type RunState } from '../runs/state';
import { canContinue } from '../runs/summary';

const remedy = 'Start one with `relatedness: { measures: [gradient-cosine] }`.';

/** Why a run has no matrix at all, and what to do, in sentences. */
export function whyNoMatrix({ record, state, phase }: ReadRun): string {
  const measures = state.started?.relatedness;
  if (state.tasks.length === 1) return 'The run has one task: there is nothing to relate.';
  if (measures?.length === 0)
    return `The experiment of the run names no measures, so it has no relatedness matrix. ${remedy}`;
  if (phase === 'finished') {
    const why = state.warnings.filter((text) => / not measured/.test(text)).join(' ');
    return why === ''
      ? `The run has finished and measured nothing. ${remedy}`
      : `The run has finished and measured nothing: ${why}`;
  }
  if (phase === 'interrupted' || hasEnded(phase)) {
    const goOn = canContinue(phase, state.failure) ? ` Go on with: mtl resume ${record.id}` : '';
    return `The run ended (${phase}) before it had measured anything.${goOn}`;
  }
  const early = measures?.some((name) => measureByName(name)?.moment === 'training') ?? true;
  return `The run has no relatedness matrix yet. Wait for its ${early ? 'first epoch' : 'end'}.`;
}

/** What is known of a run whose measures say nothing. */
export type Measured = Pick<RunState, 'tasks' | 'warnings'>;

/** That a measure says nothing of any two tasks, and why, where that is known. */
export function whyEmpty(measure: string, state: Measured): string {
  const found = `${measure} has found nothing of any two tasks`;
  const told = warningsOf([measure], state);
  if (told !== '') return `${found}: ${told}`;
  if (isOfClasses(measure) && state.tasks.every(({ kind }) => kind === 'regression')) {
    return `${found}: it is about classes, and all tasks predict numbers.`;
  }
  return isOfSteps(measure) ? `${found}: no step that was measured had rows of both.` : `${found}.`;
}

/** How many ordered pairs of tasks have no value, and why. */
export function pairsWithout(pairs: number, measure: string): string {
  return `${pairs} pairs ${isOfSteps(measure) ? 'were never observed together' : 'have no value'}`;
}

/** What the run said of these measures. */
function warningsOf(measures: readonly string[], { warnings }: Measured): string {
  const words = measures.flatMap((name) => [`\`${name}\``, measureByName(name)?.title ?? name]);
  return warnings.filter((text) => words.some((word) => text.includes(word))).join(' ');
}

function isOfSteps(measure: string): boolean {
  return stepMeasuresOf([measure]).length > 0;
}

/** Whether a measure has values for tasks with classes alone. */
function isOfClasses(measure: string): boolean {
  const [known] = trainedMeasuresOf([measure]);
  return known?.needs === 'probabilities and labels' || measure === 'h-score';
}
