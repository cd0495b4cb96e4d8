/** The optimizers' arithmetic on plain arrays. All arrays of one call have the parameter's size. */

export interface AdamStep {
  /** How many steps were taken before this one. */
  readonly stepCount: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** One step of Adam (Kingma and Ba, 2015), in place, with TensorFlow's epsilon placement and decoupled weight decay. */
export function adamStep(
  parameter: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  { stepCount, learningRate, beta1, beta2, epsilon, weightDecay }: AdamStep,
): void {
  const time = stepCount + 1;
  const rate = (learningRate * Math.sqrt(1 - beta2 ** time)) / (1 - beta1 ** time);
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  const keep = 1 - learningRate * weightDecay;
  for (let index = 0; index < parameter.length; index++) {
    const slope = gradient[index];
    const first = beta1 * firstMoment[index] + rest1 * slope;
    const second = beta2 * secondMoment[index] + rest2 * slope * slope;
    firstMoment[index] = first;
    secondMoment[index] = second;
    parameter[index] = keep * parameter[index] - (rate * first) / (Math.sqrt(second) + epsilon);
  }
}

export interface MomentumStep {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** One step of gradient descent with momentum (Polyak, 1964), in place, with decoupled weight decay. */
export function momentumStep(
  parameter: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  { learningRate, momentum, weightDecay }: MomentumStep,
): void {
  const keep = 1 - learningRate * weightDecay;
  for (let index = 0; index < parameter.length; index++) {
    const speed = momentum * velocity[index] + gradient[index];
    velocity[index] = speed;
    parameter[index] = keep * parameter[index] - learningRate * speed;
  }
}
