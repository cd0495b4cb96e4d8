import { noOptions, type SharingDescription } from './description';

export const singleTask: SharingDescription<'single-task', typeof noOptions> = {
  name: 'single-task',
  title: 'No sharing',
  summary: 'An encoder and a head for each task: the baseline that sharing must beat.',
  details:
    '$f_t(x) = h_t(e_t(x))$: no parameter is shared, so no task helps or hurts another, and there is no ' +
    'relatedness to measure.',
  options: noOptions,
  apart: true,
};
