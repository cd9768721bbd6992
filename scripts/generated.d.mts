export function generatedFiles(): Promise<Map<string, string>>;
