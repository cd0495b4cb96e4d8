import { z } from 'zod';
import type { MethodDescription } from '../common/method';

/** A sharing architecture as the experiment file knows it; `src/model/sharing` builds it. */
interface SharingDescription<Name extends string, Options extends z.ZodObject> extends MethodDescription {
  readonly name: Name;
  readonly options: Options;
}

const none = z.strictObject({});

const hard: SharingDescription<'hard', typeof none> = {
  name: 'hard',
  title: 'Hard parameter sharing',
  summary: 'One encoder for all tasks, one head per task.',
  details:
    '$f_t(x) = h_t(e(x))$: the encoder $e$ is shared by every task, each task has a head $h_t$ of its own. ' +
    'Tasks with a private `encoder` pass their inputs through it first.',
  source: 'Caruana, Multitask Learning, 1997',
  options: none,
};

/** Every sharing architecture. A new one is described here and built in `src/model/sharing`. */
export const sharings = [hard] as const;
