import * as tf from '@tensorflow/tfjs-core';

/** What is added to the eigenvalues of W·Wᵀ, as a share of their sum: keeps the square root smooth at 0. */
const smoothing = 1e-4;
/** An eigenvalue at the smoothing needs some 15 iterations: each moves its root up by a factor of 1.5. */
const iterations = 18;

/**
 * The sum of the singular values of a matrix, `tr((W·Wᵀ)^½)`, smoothed. With `D = (W·Wᵀ)^½` it is the minimum over D of
 * `½ tr(Wᵀ D⁻¹ W) + ½ tr D` (Argyriou et al., 2008); at the minimum D counts as a constant, so the gradient is `D⁻¹ W`.
 * D and its inverse come from the coupled Newton-Schulz iteration (Higham, Functions of Matrices, 2008, eq. 6.35).
 */
export function traceNorm(rows: tf.Tensor2D): tf.Scalar {
  const products = tf.matMul<tf.Tensor2D>(rows, rows, false, true);
  const { root, inverse } = constantRoots(products);
  const variational = tf.add(tf.sum(tf.mul(inverse, products)), tf.sum(tf.mul(root, tf.eye(rows.shape[0]))));
  return tf.mul(variational, tf.scalar(0.5));
}

/** The square root of a positive semidefinite matrix and its inverse; no gradient flows through them. */
function constantRoots(matrix: tf.Tensor2D): { root: tf.Tensor2D; inverse: tf.Tensor2D } {
  const size = matrix.shape[0];
  const identity = tf.eye(size);
  const fixed = constant(matrix);
  // Far below any matrix that trains, and enough for one of zeros.
  const scale = tf.add(tf.sum(tf.mul(fixed, identity)), tf.scalar(1e-12));
  let root = tf.add<tf.Tensor2D>(tf.div(fixed, scale), tf.mul(identity, tf.scalar(smoothing)));
  let inverse: tf.Tensor2D = identity;
  for (let step = 0; step < iterations; step++) {
    const product = tf.matMul<tf.Tensor2D>(inverse, root);
    const factor = tf.mul<tf.Tensor2D>(tf.sub(tf.mul(identity, tf.scalar(3)), product), tf.scalar(0.5));
    root = tf.matMul(root, factor);
    inverse = tf.matMul(factor, inverse);
  }
  const unit = tf.sqrt(scale);
  return { root: tf.mul(root, unit), inverse: tf.div(inverse, unit) };
}

function constant(values: tf.Tensor2D): tf.Tensor2D {
  const stopped = tf.customGrad((...[x]) => ({
    value: tf.mul(x as tf.Tensor, tf.scalar(1)),
    gradFunc: (slope: tf.Tensor) => tf.zerosLike(slope),
  }));
  return stopped(values) as tf.Tensor2D;
}
