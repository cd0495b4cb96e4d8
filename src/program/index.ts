/** Tracing, rewriting, printing and running of training steps. */
export type { EngineName, Executor, ExecutorOptions } from './executor';
export { createExecutor } from './executors/create';
export { optimize } from './passes/optimize';
export { printProgram } from './print';
export type { DataType, Program, ProgramNode, StateSpec, TensorSpec, TypedArray, Update, ValueRef } from './program';
export { traceProgram, type StepResult, type TracedUpdate, type TraceOptions } from './trace';
