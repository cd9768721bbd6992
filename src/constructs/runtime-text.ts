/** How our build begins the bundle of the runtime. */
const mark = '// The runtime of millrace ';

/** Whether a text is the runtime. Anything else would start with each job and do none of its steps. */
export const isRuntimeText = (text: string): boolean => text.startsWith(mark);
