/** What a step has of the outside besides the file system; tests give their own. */
export interface StepIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
