/** Tracing, rewriting, printing and running of training steps. */
export type { Attribute, Graph, GraphTensor, GraphType, Signature } from './graph/graph';
export { inferenceGraph } from './graph/programGraph';
export { MessageWriter } from './graph/protobuf';
export { encodeSavedModel, savedModelFile } from './graph/savedModel';
export type { EngineName, Executor, ExecutorOptions } from './executor';
export { createExecutor } from './executors/create';
export { jacobians, rowsOf, weightedSum, type Jacobian } from './jacobian';
export type { Layout } from './tracing/layout';
export { optimize } from './passes/optimize';
export { printProgram } from './print';
export type { DataType, Program, ProgramNode, StateSpec, TensorSpec, TypedArray, Update, ValueRef } from './program';
export { testEngine } from './selfTest';
export { traceProgram, type StepResult, type TracedUpdate, type TraceOptions } from './trace';
