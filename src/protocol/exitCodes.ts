/** How the command line ends. */
export const exitCodes = { success: 0, failed: 1, badInput: 2, stopped: 130 } as const;
